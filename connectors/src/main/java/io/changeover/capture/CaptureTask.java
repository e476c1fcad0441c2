package io.changeover.capture;

import io.debezium.config.CommonConnectorConfig;
import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.function.LogPositionValidator;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import io.debezium.pipeline.spi.OffsetContext;
import io.debezium.pipeline.spi.Partition;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's task with our beginning and our end: it starts from a slot that only it creates, and what it hands to
 * Connect is the contract's stream. Called by one thread of Connect.
 */
public final class CaptureTask extends PostgresConnectorTask {

    /** Longer than a server takes to notice that a client is gone: wal_sender_timeout is a minute. */
    private static final Duration SLOT_RELEASE = Duration.ofMinutes(2);

    private final Clock clock = Clock.systemUTC();
    private Optional<Instant> inUseSince = Optional.empty();
    private @Nullable StartedContext started;
    private @Nullable Capture capture;

    /** One start of the task. */
    private record Capture(CaptureSettings settings, Packs packs, StreamAssembler assembler, Beginning beginning) {}

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
        StartingPoint point = find(settings, offsets);
        offsets.startFrom(settings.partition(), point.offset());
        Packs packs = new Packs();
        capture = new Capture(
                settings,
                packs,
                new StreamAssembler(settings.topic(), settings.partition(), point, packs),
                new Beginning(point.created().isEmpty(), () -> offsets.stored(settings.partition()) != null));
        return super.start(config);
    }

    /** A slot that stays in somebody else's hands is no matter of time any more. */
    private StartingPoint find(CaptureSettings settings, StartedContext offsets) {
        try {
            StartingPoint point = StartingPoint.find(settings, offsets.stored(settings.partition()));
            inUseSince = Optional.empty();
            return point;
        } catch (SlotInUse e) {
            Instant now = clock.instant();
            Instant since = inUseSince.orElse(now);
            inUseSince = Optional.of(since);
            if (since.plus(SLOT_RELEASE).isBefore(now)) {
                throw new ConnectException(e.getMessage(), e);
            }
            throw e;
        }
    }

    @Override
    protected ReplicationConnection buildReplicationConnection(
            PostgresConnection connection, PostgresSchema schema, PostgresConnectorConfig config) throws SQLException {
        Capture current = current();
        CaptureSettings settings = current.settings();
        Plugin plugin = Plugin.of(connection.connection());
        int major = connection.connection().getMetaData().getDatabaseMajorVersion();
        return new ChangeStreamConnection(
                settings, config, start -> plugin.decoder(settings, major, start), current.packs());
    }

    /**
     * Debezium looks for a slot of a plugin that it knows, and would find none before PostgreSQL 10. Slot and offset
     * were checked before it started, see {@link StartRules}.
     */
    @Override
    public boolean isLogPositionAvailable(
            LogPositionValidator validator,
            Partition partition,
            OffsetContext offset,
            CommonConnectorConfig configuration) {
        return true;
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        try {
            Capture current = current();
            return current.assembler().assemble(current.beginning().isOver() ? super.doPoll() : List.of());
        } catch (RetriableException e) {
            throw e;
        } catch (ConnectException e) {
            throw new ConnectException(reason(e), e);
        }
    }

    /** What happened to the reader of the stream, and not that something happened to it. */
    private static String reason(Throwable failure) {
        String reason = String.valueOf(failure.getMessage());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            reason = cause.getMessage() == null ? reason : cause.getMessage();
            if (reason.startsWith("CO-")) {
                return reason;
            }
        }
        return reason;
    }

    /** Records of ours are a sign of health: errors before them no longer count against the limit of retries. */
    @Override
    protected boolean containsChangeDataMessages(List<SourceRecord> records) {
        return !records.isEmpty();
    }

    private Capture current() {
        Capture current = capture;
        if (current == null) {
            throw new IllegalStateException("The task is not started");
        }
        return current;
    }
}
