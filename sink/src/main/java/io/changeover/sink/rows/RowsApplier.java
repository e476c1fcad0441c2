package io.changeover.sink.rows;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.sink.decode.ErrantRecords;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.ServerError;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.sink.guard.GuardMode;
import io.changeover.sink.metrics.ApplyFigures;
import io.changeover.sink.target.TargetSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the records of some partitions, each in its order, as their owner from {@link #open} until another one opens
 * one of them. Nothing is held between two calls. Not thread-safe.
 *
 * <p>States and what moves them:
 *
 * <ul>
 *   <li>following: takes records and applies them
 *   <li>lost, after {@link #disconnect()}: {@link #resume()} connects, reads the positions, and so knows whether a
 *       commit whose answer was lost took place; the records from {@link #offsets()} have to come again
 * </ul>
 */
public final class RowsApplier {

    private static final Logger LOG = LoggerFactory.getLogger(RowsApplier.class);

    /**
     * How much goes into one target transaction.
     *
     * @param changes at most
     * @param bytes about
     */
    public record Limits(int changes, long bytes) {}

    private record Session(Connection target, RowReader reader, RowCommits commits) {}

    private final ServerSettings server;
    private final RowSettings settings;
    private final Limits limits;
    private final GuardMode guard;
    private final RowQuarantine quarantine;
    private final ApplyFigures figures;
    private final SetCounts sets = new SetCounts();
    private Positions positions;
    private Optional<Session> session;

    /** Records that were fetched before the consumer sought the positions may still come, in the first call only. */
    private boolean mayBeBehind = true;

    private RowsApplier(
            ServerSettings server,
            RowSettings settings,
            Limits limits,
            GuardMode guard,
            RowQuarantine quarantine,
            ApplyFigures figures,
            Positions positions,
            Connection target) {
        this.server = server;
        this.settings = settings;
        this.limits = limits;
        this.guard = guard;
        this.quarantine = quarantine;
        this.figures = figures;
        this.positions = positions;
        this.session = Optional.of(newSession(target));
    }

    /**
     * Connects, takes the partitions over from whoever has them, and raises the guard.
     *
     * @param failures what records do that cannot be applied
     * @param errant where they go if they are left out
     * @param figures told what is done
     */
    public static RowsApplier open(
            ServerSettings server,
            Collection<TopicPartition> partitions,
            RowSettings settings,
            Limits limits,
            GuardMode guard,
            RowFailureMode failures,
            ErrantRecords errant,
            ApplyFigures figures)
            throws SQLException {
        Connection target = TargetSession.open(server, name(partitions), guard);
        try {
            Positions positions = Positions.open(target, partitions);
            int ended = TargetSession.endPredecessors(target);
            target.commit();
            if (ended > 0) {
                LOG.warn("{}: ended {} sessions of earlier tasks with a transaction under way", partitions, ended);
            }
            ConstraintGuard.keep(target, guard);
            RowQuarantine quarantine = new RowQuarantine(failures, errant);
            quarantine.read(target, partitions);
            target.commit();
            return new RowsApplier(server, settings, limits, guard, quarantine, figures, positions, target);
        } catch (SQLException | RuntimeException e) {
            target.close();
            throw e;
        }
    }

    /** The offset of each partition's record to start again from. */
    public Map<TopicPartition, Long> offsets() {
        return positions.offsets();
    }

    /** Whether {@link #resume()} has to come before anything else. */
    public boolean isLost() {
        return session.isEmpty();
    }

    /**
     * Applies records; those that were applied before are passed over.
     *
     * @return whether something was committed
     */
    public boolean apply(Collection<SinkRecord> records) throws SQLException, FailedChangeException {
        boolean committed = false;
        RowBatch batch = new RowBatch();
        for (SinkRecord record : records) {
            if (batch.isFull(limits.changes(), limits.bytes())) {
                committed |= commit(batch);
                batch = new RowBatch();
            }
            if (!isKnown(record, batch)) {
                try {
                    take(record, current().reader().read(record), batch);
                } catch (RowRefusedException e) {
                    committed |= commit(batch);
                    batch = new RowBatch();
                    refuse(e);
                    take(record, Optional.empty(), Optional.of(e.change().table()), batch);
                }
            }
        }
        committed |= commit(batch);
        mayBeBehind &= records.isEmpty();
        figures.now(new ApplyFigures.Now(0, 0, false, sets.takenCount(), sets.refusedCount(), quarantine.size()));
        return committed;
    }

    private boolean isKnown(SinkRecord record, RowBatch batch) {
        TopicPartition partition = new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
        long offset = record.originalKafkaOffset();
        long next =
                batch.next().getOrDefault(partition, positions.next(partition).orElse(Long.MAX_VALUE));
        if (offset < next) {
            requireKnown(partition, offset, next);
        }
        return offset < next;
    }

    private void take(SinkRecord record, Optional<RowChange> change, RowBatch batch) {
        take(record, change, change.map(RowChange::table), batch);
    }

    private void take(SinkRecord record, Optional<RowChange> change, Optional<TableName> table, RowBatch batch) {
        RowChange.Place place = RowChange.Place.of(record);
        boolean belongsToNext = current().reader().awaitsTombstone(place.topicPartition());
        current().commits().take(new RowBatch.Entry(place, table, change, belongsToNext), batch);
    }

    private void refuse(RowRefusedException refusal) throws SQLException, FailedChangeException {
        RowChange.Place place = refusal.place();
        if (!quarantine.holds(refusal.change().table(), place)) {
            Connection target = current().target();
            target.rollback();
            quarantine.refuse(target, refusal, positions.epoch(place.topicPartition()));
        }
    }

    private void requireKnown(TopicPartition partition, long offset, long next) {
        if (!mayBeBehind) {
            throw new ConnectException("CO-2040: " + partition + " was read on from offset " + next
                    + " and goes on at " + offset + ": the topic was deleted and made anew, or its end was lost. Delete"
                    + " the row of stream \"" + Positions.stream(partition) + "\" in changeover.streams on the target"
                    + " if the topic holds everything from its beginning, or load the table again");
        }
    }

    private boolean commit(RowBatch batch) throws SQLException, FailedChangeException {
        return current().commits().commit(batch, positions);
    }

    /**
     * Makes it follow again after it was lost.
     *
     * @throws ConnectException if another task has taken over a partition
     */
    public void resume() throws SQLException {
        Connection target = TargetSession.open(server, name(positions.offsets().keySet()), guard);
        try {
            positions = positions.reopen(target);
            quarantine.read(target, positions.offsets().keySet());
            target.commit();
            ConstraintGuard.keep(target, guard);
            session = Optional.of(newSession(target));
        } catch (SQLException | RuntimeException e) {
            target.close();
            throw e;
        }
    }

    /** Closes the connection, which rolls back what was not committed. */
    public void disconnect() {
        Optional<Session> last = session;
        session = Optional.empty();
        last.ifPresent(RowsApplier::close);
    }

    private Session newSession(Connection target) {
        RowTables tables = new RowTables(target, settings.source());
        TableWriter writer = new TableWriter(target, settings, sets);
        RowTransaction transaction = new RowTransaction(target, tables, writer, quarantine, figures);
        return new Session(
                target,
                new RowReader(settings, tables),
                new RowCommits(target, transaction, quarantine, limits.changes()));
    }

    private Session current() {
        return session.orElseThrow(() -> new IllegalStateException("not connected: resume comes first"));
    }

    private static String name(Collection<TopicPartition> partitions) {
        List<TopicPartition> sorted = Positions.inOrder(partitions);
        return sorted.isEmpty() ? "" : Positions.stream(sorted.get(0));
    }

    private static void close(Session session) {
        try {
            session.target().close();
        } catch (SQLException e) {
            LOG.warn("Could not close a connection to the target: {}", ServerError.describe(e));
        }
    }
}
