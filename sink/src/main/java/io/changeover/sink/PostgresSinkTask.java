package io.changeover.sink;

import io.changeover.contract.Version;
import io.changeover.sink.decode.ErrantRecords;
import io.changeover.sink.decode.UnreadableRecordException;
import io.changeover.sink.failure.DefinitionRefusedException;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.failure.LoadsChangedException;
import io.changeover.sink.failure.Retries;
import io.changeover.sink.failure.ServerError;
import io.changeover.sink.failure.TableNotLoadedException;
import io.changeover.sink.failure.TableSetAsideException;
import io.changeover.sink.metrics.ApplyFigures;
import io.changeover.sink.metrics.SinkMetrics;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adapts Connect to an {@link Applier}. The position is in the target; Kafka's offsets only follow it, for people.
 *
 * <p>What moves it:
 *
 * <ul>
 *   <li>open: takes the stream over and seeks to the position; if the target is away, the next put does
 *   <li>put: takes records, applies whole transactions, and pieces of one that is too large to be held; many changes
 *       beside this thread, and then a later put tells of their failure
 *   <li>a failure that passes: everything that was not committed is forgotten, here and on the target. Connect pauses
 *       the partition and puts the same batch again; that put connects, seeks to the position and drops the batch
 *   <li>a table that is not loaded: Connect puts the same batch again until it is; of what is held nothing is taken
 *       twice. In the middle of a transaction that is applied in pieces it is the same as a failure that passes
 *   <li>a table that is passed over from now on, or no longer: the same as a failure that passes, at once
 *   <li>a table of the source was altered, and the target's was not: the same as a failure that passes, for as long as
 *       it takes
 *   <li>a failure that does not pass: the connection is closed, Connect stops the task
 *   <li>close, a rebalance: what is not applied is forgotten, the next open seeks
 * </ul>
 */
public final class PostgresSinkTask extends SinkTask {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSinkTask.class);

    /** Spreads the attempts of many tasks; nothing secret depends on it. */
    private static final Random RANDOM = new Random();

    /**
     * When Connect puts nothing, if there is nothing: a failure beside the task's thread is noticed, and what waits.
     */
    private static final long LOOK_AGAIN_MILLIS = 5;

    private record Wiring(SinkConfig config, RowConfig rows, Retries retries, ApplyFigures figures) {}

    private Optional<Wiring> wiring = Optional.empty();
    private final Set<TopicPartition> assigned = new LinkedHashSet<>();
    private Optional<Applier> applier = Optional.empty();

    @Override
    public String version() {
        return Version.current();
    }

    @Override
    public void start(Map<String, String> properties) {
        SinkConfig config = SinkConfig.of(properties);
        wiring = Optional.of(new Wiring(
                config,
                RowConfig.of(properties),
                new Retries(config.maxRetries(), config.retryBackoff(), RANDOM::nextDouble),
                new ApplyFigures()));
        SinkMetrics.register(context, figures());
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        assigned.addAll(partitions);
        forget();
        if (assigned.isEmpty()) {
            return;
        }
        try {
            takeOverLater(List.of());
        } catch (SQLException e) {
            if (FailurePolicy.of(e) != FailurePolicy.RETRY) {
                throw notOpened(e);
            }
            LOG.warn("Stream {}: the target is away, will try again: {}", stream(), ServerError.describe(e));
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        try {
            if (applier.isEmpty()) {
                takeOverLater(records);
            } else if (applier.get().isLost()) {
                rewind(records, applier.get());
            } else {
                apply(records, applier.get());
            }
        } catch (SlowTargetException e) {
            context.timeout(1);
            throw e;
        } catch (LoadsChangedException | TableSetAsideException e) {
            applier.ifPresent(Applier::disconnect);
            context.timeout(1);
            throw e;
        } catch (TableNotLoadedException e) {
            context.timeout(config().retryBackoff().toMillis());
            throw e;
        } catch (FailedChangeException e) {
            if (e.getCause() instanceof DefinitionRefusedException refused) {
                throw waiting(refused);
            }
            throw failed(String.valueOf(e.getMessage()), e.policy(), e);
        } catch (SQLException e) {
            String message = "Stream " + stream() + ": " + ServerError.describe(e);
            throw failed(message, FailurePolicy.of(e), ServerError.withoutValues(e));
        } catch (UnreadableRecordException e) {
            applier.ifPresent(Applier::disconnect);
            new ErrantRecords(context).report(e.record(), e);
            throw e;
        } catch (ConnectException e) {
            applier.ifPresent(Applier::disconnect);
            throw e;
        }
    }

    private void apply(Collection<SinkRecord> records, Applier to) throws SQLException, FailedChangeException {
        if (to.apply(records)) {
            retries().succeeded();
        }
        if (to.wantsCall()) {
            context.timeout(LOOK_AGAIN_MILLIS);
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> taken) {
        return applier.map(Applier::offsets).orElse(Map.of()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> new OffsetAndMetadata(each.getValue())));
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        if (assigned.removeAll(partitions)) {
            forget();
        }
    }

    @Override
    public void stop() {
        forget();
    }

    /** About how much memory the changes take that are held. */
    long heldBytes() {
        return applier.map(Applier::heldBytes).orElse(0L);
    }

    /** How many changes are held, and one for each complete transaction. */
    long heldChanges() {
        return applier.map(Applier::heldChanges).orElse(0L);
    }

    private void takeOver(RecordFormat format) throws SQLException {
        Applier opened = format == RecordFormat.CHANGES
                ? StreamRecords.open(config(), assigned, figures())
                : RowRecords.open(
                        config(), wiring.orElseThrow().rows(), assigned, new ErrantRecords(context), figures());
        applier = Optional.of(opened);
        context.offset(opened.offsets());
        LOG.info("Stream {}: writing to {} from {}", stream(), config().target(), opened.offsets());
    }

    /**
     * The records of a put that comes before the position is known are dropped: they come again after the seek. What
     * nobody has told, the first record does.
     */
    private void takeOverLater(Collection<SinkRecord> records) throws SQLException {
        RecordFormat told = wiring.orElseThrow().rows().format();
        Optional<RecordFormat> format =
                told == RecordFormat.UNTOLD ? records.stream().findFirst().map(RecordFormat::of) : Optional.of(told);
        if (!assigned.isEmpty() && format.isPresent()) {
            takeOver(format.get());
            LOG.debug("Stream {}: dropped {} records that came before the position", stream(), records.size());
        }
    }

    /** What was taken after the position is lost and comes again after the seek, this batch too. */
    private void rewind(Collection<SinkRecord> records, Applier lost) throws SQLException {
        lost.resume();
        context.offset(lost.offsets());
        LOG.info(
                "Stream {}: goes on from {}, dropped {} records that will come again",
                stream(),
                lost.offsets(),
                records.size());
    }

    private ConnectException failed(String message, FailurePolicy policy, Throwable cause) {
        applier.ifPresent(Applier::disconnect);
        return switch (policy) {
            case STOP, REFUSED -> new ConnectException(message, cause);
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
        figures().retried();
        return new RetriableException(message + " (will try again in " + wait.toMillis() + " ms)", cause);
    }

    /** The stream stands before the change, which is in the quarantine, until the target's table is altered, too. */
    private ConnectException waiting(DefinitionRefusedException refused) {
        applier.ifPresent(Applier::disconnect);
        context.timeout(config().retryBackoff().toMillis());
        return new RetriableException("Stream " + stream() + ": " + refused.getMessage(), refused);
    }

    private ConnectException notOpened(SQLException e) {
        return new ConnectException(
                "Could not open stream " + stream() + " on " + config().target() + ": " + ServerError.describe(e),
                ServerError.withoutValues(e));
    }

    private void forget() {
        applier.ifPresent(Applier::disconnect);
        applier = Optional.empty();
    }

    private String stream() {
        return config().stream();
    }

    private SinkConfig config() {
        return wiring.orElseThrow().config();
    }

    private ApplyFigures figures() {
        return wiring.orElseThrow().figures();
    }

    private Retries retries() {
        return wiring.orElseThrow().retries();
    }
}
