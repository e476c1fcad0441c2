package io.changeover.load;

import io.changeover.contract.Version;
import io.changeover.postgres.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Reads the tables of a publication into a load topic, for a worker that cannot reach the target;
 * {@link TopicLoadSinkConnector} takes them from there. Each table belongs to one task. Start it when the capture's
 * slot exists and its first offset is stored, not before.
 */
public final class TopicLoadConnector extends SourceConnector {

    private Map<String, String> properties = Map.of();

    @Override
    public void start(Map<String, String> given) {
        properties = Map.copyOf(given);
        TopicLoadConfig config = new TopicLoadConfig(given);
        try (Connection source = Connections.open(config.source(), "changeover-load")) {
            SourceSnapshot.ask(source, "select 1");
        } catch (SQLException e) {
            throw new ConnectException("The load cannot start: " + e.getMessage() + " (" + e.getSQLState() + ")", e);
        }
    }

    @Override
    public Class<? extends Task> taskClass() {
        return TopicLoadTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return IntStream.range(0, maxTasks)
                .mapToObj(number -> {
                    Map<String, String> task = new HashMap<>(properties);
                    task.put(TopicLoadConfig.TASK, String.valueOf(number));
                    task.put(TopicLoadConfig.TASKS, String.valueOf(maxTasks));
                    return task;
                })
                .toList();
    }

    /** What is stored of a table may be removed: then it is read again. */
    @Override
    public boolean alterOffsets(Map<String, String> settings, Map<Map<String, ?>, Map<String, ?>> offsets) {
        return true;
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return TopicLoadConfig.DEFINITION;
    }

    @Override
    public String version() {
        return Version.current();
    }
}
