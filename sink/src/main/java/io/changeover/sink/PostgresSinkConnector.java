package io.changeover.sink;

import io.changeover.contract.Version;
import io.changeover.sink.config.SinkDefinition;
import io.changeover.sink.validation.SinkValidation;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
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

    /** Checks the values, refuses keys nobody knows, and looks at the target if all else is right. */
    @Override
    public Config validate(Map<String, String> settings) {
        Config result = SinkValidation.of(settings);
        if (result.configValues().stream()
                .allMatch(value -> value.errorMessages().isEmpty())) {
            RowConfig.problem(settings)
                    .ifPresent(problem -> result.configValues().stream()
                            .filter(value -> value.name().equals(problem.key()))
                            .forEach(value -> value.addErrorMessage(problem.message())));
        }
        return result;
    }
}
