package io.changeover.load;

import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
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
            LoadLedger.enqueue(target, published(source, config.getString(LoadConfig.PUBLICATION)));
        } catch (SQLException e) {
            throw new ConnectException("The load cannot start: " + e.getMessage() + " (" + e.getSQLState() + ")", e);
        }
    }

    /** The tables of the migration with the planner's estimates of their size. */
    private static List<LoadLedger.Entry> published(Connection source, String publication) throws SQLException {
        List<TableName> tables = PublishedTables.read(source, publication);
        String sql = """
                select n.nspname, c.relname, greatest(c.reltuples, 0)::bigint, pg_table_size(c.oid)
                from unnest(?::text[], ?::text[]) as p(schema_name, table_name)
                join pg_namespace n on n.nspname = p.schema_name
                join pg_class c on c.relnamespace = n.oid and c.relname = p.table_name""";
        List<LoadLedger.Entry> entries = new ArrayList<>();
        try (PreparedStatement select = source.prepareStatement(sql)) {
            select.setArray(1, texts(source, tables.stream().map(TableName::schema)));
            select.setArray(2, texts(source, tables.stream().map(TableName::name)));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.add(new LoadLedger.Entry(
                            new TableName(rows.getString(1), rows.getString(2)), rows.getLong(3), rows.getLong(4)));
                }
            }
        }
        return entries;
    }

    private static Array texts(Connection connection, Stream<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
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
