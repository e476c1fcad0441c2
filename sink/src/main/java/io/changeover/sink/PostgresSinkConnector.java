package io.changeover.sink;

import io.changeover.contract.Version;
import io.changeover.postgres.Connections;
import io.changeover.sink.config.ConnectionKeys;
import io.changeover.sink.config.KnownKeys;
import io.changeover.sink.config.SinkDefinition;
import io.changeover.sink.failure.ServerError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * Applies a change topic to a PostgreSQL database, whole source transactions, exactly once. One topic has one order, so
 * there is one task, whatever {@code tasks.max} says. Topics of a stock Debezium source are divided among tasks.
 */
public final class PostgresSinkConnector extends SinkConnector {

    private Map<String, String> properties = Map.of();
    private RecordFormat format = RecordFormat.UNTOLD;

    @Override
    public String version() {
        return Version.current();
    }

    @Override
    public ConfigDef config() {
        return SinkDefinition.KEYS;
    }

    @Override
    public void start(Map<String, String> settings) {
        SinkConfig.of(settings);
        format = RowConfig.of(settings).format();
        properties = Map.copyOf(settings);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return PostgresSinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(format == RecordFormat.CHANGES ? 1 : maxTasks, properties);
    }

    @Override
    public void stop() {
        properties = Map.of();
    }

    /** Checks the values, refuses keys nobody knows, and connects to the target if all else is right. */
    @Override
    public Config validate(Map<String, String> settings) {
        List<ConfigValue> values = new ArrayList<>(SinkDefinition.KEYS.validate(settings));
        for (String key : KnownKeys.unknown(settings.keySet())) {
            ConfigValue unknown = new ConfigValue(key);
            unknown.addErrorMessage(KnownKeys.refusal(key));
            values.add(unknown);
        }
        if (values.stream().allMatch(value -> value.errorMessages().isEmpty())) {
            tryConnection(SinkConfig.of(settings), values);
        }
        return new Config(values);
    }

    private static void tryConnection(SinkConfig config, List<ConfigValue> values) {
        try (Connection target = Connections.open(config.target(), "changeover validation")) {
            target.setReadOnly(true);
        } catch (SQLException e) {
            String key = keyBehind(e);
            values.stream()
                    .filter(value -> value.name().equals(key))
                    .forEach(value -> value.addErrorMessage(
                            "Could not connect to " + config.target() + ": " + ServerError.describe(e)));
        }
    }

    /** The setting that is most likely wrong. */
    private static String keyBehind(SQLException error) {
        return switch (String.valueOf(error.getSQLState())) {
            case "28P01" -> ConnectionKeys.PASSWORD;
            case "28000" -> ConnectionKeys.USER;
            case "3D000" -> ConnectionKeys.DATABASE;
            default -> ConnectionKeys.HOST;
        };
    }
}
