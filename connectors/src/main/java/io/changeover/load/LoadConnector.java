package io.changeover.load;

import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Fills the target's tables from the source's. The connector puts the tables of the publication into the ledger's
 * queue; its tasks empty it, largest table first. Start it when the capture's slot exists and its first offset is
 * stored, not before.
 */
public final class LoadConnector extends SourceConnector {

    private Map<String, String> properties = Map.of();

    @Override
    public void start(Map<String, String> given) {
        properties = Map.copyOf(given);
        LoadConfig config = new LoadConfig(given);
        try (Connection source = Connections.open(config.source(), "changeover-load");
                Connection target = Connections.open(config.target(), "changeover-load")) {
            Ledger.create(target);
            List<TableName> tables = PublishedTables.read(source, config.getString(LoadConfig.PUBLICATION));
            LoadLedger.enqueue(target, TableSizes.of(source, tables));
        } catch (SQLException e) {
            throw new ConnectException("The load cannot start: " + e.getMessage() + " (" + e.getSQLState() + ")", e);
        }
    }

    @Override
    public Class<? extends Task> taskClass() {
        return LoadTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Stream.generate(() -> properties).limit(maxTasks).toList();
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return LoadConfig.DEFINITION;
    }

    @Override
    public String version() {
        return io.changeover.contract.Version.current();
    }
}
