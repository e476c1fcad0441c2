package io.changeover.capture;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's task with our beginning and our end: it starts from a slot that only it creates, and what it hands to
 * Connect is the contract's stream. Called by one thread of Connect.
 */
public final class CaptureTask extends PostgresConnectorTask {

    private @Nullable StartedContext started;
    private @Nullable StreamAssembler assembler;

    @Override
    public void initialize(SourceTaskContext context) {
        started = new StartedContext(context);
        super.initialize(started);
    }

    @Override
    public ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> start(Configuration config) {
        StartedContext offsets = started;
        if (offsets == null) {
            throw new IllegalStateException("Connect has not initialized the task");
        }
        CaptureSettings settings = CaptureSettings.of(config);
        StartingPoint point = StartingPoint.find(settings, offsets.stored(settings.partition()));
        offsets.startFrom(settings.partition(), point.offset());
        assembler = new StreamAssembler(settings.topic(), settings.partition(), point);
        return super.start(config);
    }

    @Override
    protected ReplicationConnection buildReplicationConnection(
            PostgresConnection connection, PostgresSchema schema, PostgresConnectorConfig config) throws SQLException {
        return new RawTextConnection(super.buildReplicationConnection(connection, schema, config));
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        StreamAssembler current = assembler;
        if (current == null) {
            throw new IllegalStateException("The task is not started");
        }
        return current.assemble(super.doPoll());
    }
}
