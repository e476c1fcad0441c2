package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.TableCounts;
import io.changeover.fault.CrashPoint;
import io.changeover.ledger.StreamLedger;
import io.changeover.ledger.StreamLedger.Position;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.LoadsChangedException;
import io.changeover.sink.group.Origin;
import io.changeover.sink.metrics.ApplyFigures;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A transaction on the target that applies source transactions. In this order: rows, markers, quarantine, then
 * counters, position and commit together; whoever sees the position sees all of it. Not thread-safe.
 */
final class TargetTransaction implements AutoCloseable {

    private final Connection target;
    private final String stream;
    private final ChangeWriter writer;
    private final OneByOne oneByOne;
    private final Quarantine quarantine;
    private final ApplyFigures figures;
    private final long loadsVersion;
    private final long begun = System.nanoTime();
    private final Map<TableName, Long> heldBack = new HashMap<>();

    private TargetTransaction(
            Connection target,
            String stream,
            ChangeWriter writer,
            OneByOne oneByOne,
            Quarantine quarantine,
            ApplyFigures figures,
            long loadsVersion) {
        this.target = target;
        this.stream = stream;
        this.writer = writer;
        this.oneByOne = oneByOne;
        this.quarantine = quarantine;
        this.figures = figures;
        this.loadsVersion = loadsVersion;
    }

    /**
     * Begins one; the connection has none open.
     *
     * @param loads as they are known now; if a table is put back into their queue meanwhile, there is no commit
     */
    static TargetTransaction begin(
            Connection target,
            String stream,
            TargetTables tables,
            TableSets sets,
            Quarantine quarantine,
            ApplyFigures figures,
            LoadedTables loads,
            ChangeWriter.Mode mode) {
        CrashPoint.SINK_BEFORE_ROWS.hit();
        tables.begin();
        ChangeWriter writer = new ChangeWriter(target, tables, sets, mode);
        return new TargetTransaction(
                target, stream, writer, new OneByOne(target, tables, writer), quarantine, figures, loads.version());
    }

    /** Writes changes of a source transaction that the full load has not brought, and whose tables are followed. */
    void write(List<ChangeEvent> changes, Origin origin, LoadedTables loads)
            throws SQLException, FailedChangeException, SetRefusedException {
        boolean all = loads.isAllMissing(origin);
        for (ChangeEvent change : changes) {
            if ((all || loads.isMissing(change, origin)) && isFollowed(change, origin)) {
                writer.write(change, origin);
            }
        }
    }

    /** Writes all changes of a group, to which nothing of that has to be asked. */
    void write(PreparedGroup group) {
        writer.write(group.changes());
    }

    /**
     * The same one by one, in the source's order.
     *
     * @throws FailedChangeException says exactly which change cannot be applied
     */
    void writeOneByOne(List<ChangeEvent> changes, Origin origin, LoadedTables loads)
            throws SQLException, FailedChangeException {
        for (ChangeEvent change : changes) {
            if (loads.isMissing(change, origin) && isFollowed(change, origin)) {
                oneByOne.write(change, origin);
            }
        }
        if (origin.hasEnded()) {
            oneByOne.endTransaction(origin);
        }
    }

    /** Whether the change's table is followed; if not, the change is counted. */
    private boolean isFollowed(ChangeEvent change, Origin origin) {
        if (quarantine.isEmpty()) {
            return true;
        }
        Optional<TableName> holding = quarantine.holding(change, origin);
        if (!(change instanceof ChangeEvent.Definition)) {
            holding.ifPresent(table -> heldBack.merge(table, 1L, Long::sum));
        }
        return holding.isEmpty();
    }

    /** What was written, and what was not. */
    record Mark(ChangeWriter.Mark written, Map<TableName, Long> heldBack) {}

    Mark mark() {
        return new Mark(writer.mark(), Map.copyOf(heldBack));
    }

    /** Forgets what came since a mark; on the target, the caller has undone it. */
    void reset(Mark mark) throws SQLException {
        writer.reset(mark.written());
        heldBack.clear();
        heldBack.putAll(mark.heldBack());
    }

    /** A source transaction is complete. */
    void endSource(Origin origin) throws FailedChangeException {
        writer.endTransaction(origin);
    }

    /** Some changes of a source transaction are complete: sends all of them, and checks what waits for the commit. */
    void endPiece(Origin origin) throws SQLException, FailedChangeException, SetRefusedException {
        writer.endTransaction(origin);
        writer.flush();
        if (origin.hasEnded()) {
            oneByOne.endTransaction(origin);
        }
    }

    /**
     * Commits.
     *
     * @param next the position after it
     * @param transactions how many source transactions were applied that were not before
     * @param committedAt when the last of them committed, microseconds since 1970
     * @throws ConnectException if another task has taken over the stream
     */
    Position commit(Position next, int transactions, long committedAt)
            throws SQLException, FailedChangeException, SetRefusedException {
        writer.flush();
        CrashPoint.SINK_AFTER_ROWS.hit();
        StreamLedger.recordMarkers(target, stream, writer.markers(), next.commitLsn());
        CrashPoint.SINK_AFTER_MARKERS.hit();
        quarantine.write(target, next.commitLsn(), heldBack);
        Position moved =
                commit(target, stream, inOrderOfName(writer.counts()), next, transactions, committedAt, loadsVersion);
        quarantine.committed();
        figures.committed(writer.counts(), transactions, committedAt, System.nanoTime() - begun);
        return moved;
    }

    /** Moves the position where there is nothing to write. */
    static Position advance(Connection target, String stream, Position next, LoadedTables loads) throws SQLException {
        return commit(target, stream, List.of(), next, 0, 0, loads.version());
    }

    private static Position commit(
            Connection target,
            String stream,
            List<TableCounts> counts,
            Position next,
            int transactions,
            long committedAt,
            long loadsVersion)
            throws SQLException {
        CrashPoint.SINK_BEFORE_COMMIT.hit();
        if (!StreamLedger.commit(target, stream, counts, next, transactions, committedAt, loadsVersion)) {
            target.rollback();
            boolean owner = StreamLedger.isOwner(target, stream, next.epoch());
            target.rollback();
            throw owner ? LoadsChangedException.begun(stream) : fenced(stream);
        }
        CrashPoint.SINK_AFTER_COMMIT.hit();
        return next;
    }

    static ConnectException fenced(String stream) {
        return new ConnectException("CO-2023: fenced: another task has taken over stream " + stream
                + ". It goes on from the position in the target; this one has changed nothing since. If there are two"
                + " connectors for the same topic and target, delete one of them");
    }

    void rollback() throws SQLException {
        writer.close();
        target.rollback();
    }

    private static List<TableCounts> inOrderOfName(Collection<TableCounts> counts) {
        return counts.stream()
                .sorted(Comparator.comparing(TableCounts::table, TableName::compareTo))
                .toList();
    }

    @Override
    public void close() throws SQLException {
        writer.close();
    }
}
