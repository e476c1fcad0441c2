package io.changeover.sink;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Version;
import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.decode.RecordDecoder;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.failure.Retries;
import io.changeover.sink.failure.ServerError;
import io.changeover.sink.failure.TableNotLoadedException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adapts Connect to {@link StreamApplier}. The position is in the target; Kafka's offsets only follow it, for people.
 *
 * <p>What moves it:
 *
 * <ul>
 *   <li>open: takes the stream over and seeks to the position; if the target is away, the next put does
 *   <li>put: takes records, applies whole transactions, and pieces of one that is too large to be held
 *   <li>a failure that passes: everything that was not committed is forgotten, here and on the target. Connect pauses
 *       the partition and puts the same batch again; that put connects, seeks to the position and drops the batch
 *   <li>a table that is not loaded: Connect puts the same batch again until it is; of what is held nothing is taken
 *       twice. In the middle of a transaction that is applied in pieces it is the same as a failure that passes
 *   <li>a failure that does not pass: the connection is closed, Connect stops the task
 *   <li>close, a rebalance: what is not applied is forgotten, the next open seeks
 * </ul>
 */
public final class PostgresSinkTask extends SinkTask {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSinkTask.class);

    private record Wiring(SinkConfig config, Retries retries) {}

    private Optional<Wiring> wiring = Optional.empty();
    private Optional<TopicPartition> assigned = Optional.empty();
    private Optional<StreamApplier> applier = Optional.empty();

    @Override
    public String version() {
        return Version.current();
    }

    @Override
    public void start(Map<String, String> properties) {
        SinkConfig config = SinkConfig.of(properties);
        wiring = Optional.of(new Wiring(config, new Retries(config.maxRetries(), config.retryBackoff())));
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            if (partition.partition() != 0) {
                throw new ConnectException("Topic " + partition.topic() + " has more than one partition: a change topic"
                        + " has one, because the order of transactions is that of its records");
            }
            assigned = Optional.of(partition);
        }
        if (assigned.isPresent() && applier.isEmpty()) {
            try {
                takeOver(assigned.get());
            } catch (SQLException e) {
                if (FailurePolicy.of(e) == FailurePolicy.STOP) {
                    throw notOpened(e);
                }
                LOG.warn("Stream {}: the target is away, will try again: {}", stream(), ServerError.describe(e));
            }
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        try {
            if (applier.isEmpty()) {
                takeOverLater(records);
            } else if (applier.get().isLost()) {
                rewind(records, applier.get());
            } else if (apply(records, applier.get())) {
                retries().succeeded();
            }
        } catch (TableNotLoadedException e) {
            context.timeout(config().retryBackoff().toMillis());
            throw e;
        } catch (FailedChangeException e) {
            throw failed(String.valueOf(e.getMessage()), e.policy(), e);
        } catch (SQLException e) {
            String message = "Stream " + stream() + ": " + ServerError.describe(e);
            throw failed(message, FailurePolicy.of(e), ServerError.withoutValues(e));
        } catch (ConnectException e) {
            applier.ifPresent(StreamApplier::disconnect);
            throw e;
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> taken) {
        return assigned.isPresent() && applier.isPresent()
                ? Map.of(assigned.get(), new OffsetAndMetadata(applier.get().topicOffset()))
                : Map.of();
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        if (assigned.filter(partitions::contains).isPresent()) {
            assigned = Optional.empty();
            forget();
        }
    }

    @Override
    public void stop() {
        forget();
    }

    /** About how much memory the changes take that are held. */
    long heldBytes() {
        return applier.map(StreamApplier::heldBytes).orElse(0L);
    }

    /** How many changes are held, and one for each complete transaction. */
    long heldChanges() {
        return applier.map(StreamApplier::heldChanges).orElse(0L);
    }

    private void takeOver(TopicPartition partition) throws SQLException {
        StreamApplier opened = StreamApplier.open(config().target(), stream(), config().limits(), config().guard());
        applier = Optional.of(opened);
        context.offset(partition, opened.topicOffset());
        LOG.info("Stream {}: writing to {} from offset {}", stream(), config().target(), opened.topicOffset());
    }

    /** The records of a put that comes before the position is known are dropped: they come again after the seek. */
    private void takeOverLater(Collection<SinkRecord> records) throws SQLException {
        if (assigned.isPresent()) {
            takeOver(assigned.get());
            LOG.debug("Stream {}: dropped {} records that came before the position", stream(), records.size());
        }
    }

    /** What was taken after the position is lost and comes again after the seek, this batch too. */
    private void rewind(Collection<SinkRecord> records, StreamApplier lost) throws SQLException {
        lost.resume();
        context.offset(assigned.orElseThrow(), lost.topicOffset());
        LOG.info(
                "Stream {}: goes on from offset {}, dropped {} records that will come again",
                stream(),
                lost.topicOffset(),
                records.size());
    }

    /** Whether something was committed. */
    private static boolean apply(Collection<SinkRecord> records, StreamApplier to)
            throws SQLException, FailedChangeException {
        boolean committed = false;
        for (SinkRecord record : records) {
            if (to.isFull()) {
                committed |= to.apply();
            }
            take(record, to);
        }
        return to.apply() || committed;
    }

    private static void take(SinkRecord record, StreamApplier into) {
        List<ChangeEvent> events = RecordDecoder.decode(record);
        try {
            into.take(record.kafkaOffset(), events);
        } catch (IllegalStateException e) {
            throw new DataException(RecordDecoder.place(record) + ": " + e.getMessage(), e);
        }
    }

    private ConnectException failed(String message, FailurePolicy policy, Throwable cause) {
        applier.ifPresent(StreamApplier::disconnect);
        return switch (policy) {
            case STOP -> new ConnectException(message, cause);
            case RETRY ->
                retries()
                        .next()
                        .map(wait -> retry(message, wait, cause))
                        .orElseGet(() -> new ConnectException(
                                message + " (gave up after " + config().maxRetries() + " retries)", cause));
        };
    }

    private ConnectException retry(String message, Duration wait, Throwable cause) {
        context.timeout(wait.toMillis());
        return new RetriableException(message + " (will try again in " + wait.toMillis() + " ms)", cause);
    }

    private ConnectException notOpened(SQLException e) {
        return new ConnectException(
                "Could not open stream " + stream() + " on " + config().target() + ": " + ServerError.describe(e),
                ServerError.withoutValues(e));
    }

    private void forget() {
        applier.ifPresent(StreamApplier::disconnect);
        applier = Optional.empty();
    }

    private String stream() {
        return config().stream();
    }

    private SinkConfig config() {
        return wiring.orElseThrow().config();
    }

    private Retries retries() {
        return wiring.orElseThrow().retries();
    }
}
