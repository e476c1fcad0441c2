package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.TableCounts;
import io.changeover.fault.CrashPoint;
import io.changeover.ledger.StreamLedger;
import io.changeover.ledger.StreamLedger.Position;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.group.Origin;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A transaction on the target that applies source transactions. In this order: rows, markers, counters, position,
 * commit; whoever sees the position sees all of it. Not thread-safe.
 */
final class TargetTransaction implements AutoCloseable {

    private final Connection target;
    private final String stream;
    private final ChangeWriter writer;

    private TargetTransaction(Connection target, String stream, ChangeWriter writer) {
        this.target = target;
        this.stream = stream;
        this.writer = writer;
    }

    /** Begins one; the connection has none open. */
    static TargetTransaction begin(
            Connection target, String stream, TargetTables tables, TableSets sets, ChangeWriter.Mode mode) {
        CrashPoint.SINK_BEFORE_ROWS.hit();
        tables.begin();
        return new TargetTransaction(target, stream, new ChangeWriter(target, tables, sets, mode));
    }

    /** Writes changes of a source transaction that the full load has not brought. */
    void write(List<ChangeEvent> changes, Origin origin, LoadedTables loads)
            throws SQLException, FailedChangeException, SetRefusedException {
        boolean all = loads.isAllMissing(origin);
        for (ChangeEvent change : changes) {
            if (all || loads.isMissing(change, origin)) {
                writer.write(change, origin);
            }
        }
    }

    /** A source transaction is complete. */
    void endSource(Origin origin) throws FailedChangeException {
        writer.endTransaction(origin);
    }

    /** Sends what waits for more of its kind. */
    void flush() throws SQLException, FailedChangeException, SetRefusedException {
        writer.flush();
    }

    /**
     * Commits.
     *
     * @param next the position after it
     * @param transactions how many source transactions were applied
     * @param committedAt when the last of them committed, microseconds since 1970
     * @throws ConnectException if another task has taken over the stream
     */
    Position commit(Position next, int transactions, long committedAt)
            throws SQLException, FailedChangeException, SetRefusedException {
        writer.flush();
        CrashPoint.SINK_AFTER_ROWS.hit();
        StreamLedger.recordMarkers(target, stream, writer.markers(), next.commitLsn());
        CrashPoint.SINK_AFTER_MARKERS.hit();
        StreamLedger.count(target, stream, inOrderOfName(writer.counts()));
        CrashPoint.SINK_AFTER_COUNTERS.hit();
        return advance(target, stream, next, transactions, committedAt);
    }

    /** Moves the position and commits. */
    static Position advance(Connection target, String stream, Position next, int transactions, long committedAt)
            throws SQLException {
        if (!StreamLedger.advance(target, stream, next, transactions, committedAt)) {
            target.rollback();
            throw fenced(stream);
        }
        CrashPoint.SINK_BEFORE_COMMIT.hit();
        target.commit();
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
