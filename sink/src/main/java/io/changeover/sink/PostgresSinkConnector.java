package io.changeover.sink;

import io.changeover.contract.Version;
import io.changeover.postgres.Connections;
import io.changeover.sink.config.SinkDefinition;
import io.changeover.sink.failure.ServerError;
import io.changeover.sink.offsets.OffsetRequest;
import io.changeover.sink.offsets.StreamOffsets;
import io.changeover.sink.validation.SinkValidation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
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

    /**
     * Sets the position in the target back, which is the one that counts; Connect's own only follow it.
     *
     * @throws ConnectException if the request would leave changes out, or the target cannot be asked
     */
    @Override
    public boolean alterOffsets(Map<String, String> settings, Map<TopicPartition, Long> offsets) {
        SinkConfig config = SinkConfig.of(settings);
        Optional<OffsetRequest> request = OffsetRequest.of(config.stream(), offsets);
        if (request.isPresent()) {
            try (Connection target = Connections.open(config.target(), "changeover offsets")) {
                StreamOffsets.alter(target, request.get());
            } catch (SQLException e) {
                throw new ConnectException(
                        "Could not set the position in " + config.target() + ": " + ServerError.describe(e),
                        ServerError.withoutValues(e));
            }
        }
        return true;
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
