package io.changeover.lag;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.TableName;
import io.changeover.wire.RecordJson;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Counts what records of a change topic hold and the target does not, by table, also of a transaction whose end has not
 * come. A transaction that was sent twice counts once, but while it comes again. In a deep backlog transactions are
 * counted in bunches, so that memory stays bounded; the number is then too high by at most a bunch, never too low. Not
 * thread-safe.
 */
final class ChangeCount {

    private static final int SINGLE_TRANSACTIONS = 10_000;

    private record Bunch(LogSequenceNumber last, Map<TableName, Long> changes) {}

    /** Records of the topic, the last one's offset, and how many bytes they have. */
    private record Stretch(long last, long bytes) {}

    private final Deque<Stretch> stretches = new ArrayDeque<>();
    private final Deque<Bunch> waiting = new ArrayDeque<>();
    private final Map<TableName, Long> pending = new HashMap<>();
    private final Map<TableName, Long> open = new HashMap<>();
    private boolean inPieces;
    private LogSequenceNumber lastEnd;

    /**
     * Counts from a position of the sink on.
     *
     * @param commitLsn the sink's position
     */
    ChangeCount(LogSequenceNumber commitLsn) {
        lastEnd = commitLsn;
    }

    /**
     * Adds a record of the topic.
     *
     * @param offset its offset, greater than that of every record before it
     */
    void add(long offset, byte[] record) {
        long bytes = record.length;
        if (stretches.size() >= SINGLE_TRANSACTIONS) {
            bytes += stretches.removeLast().bytes();
        }
        stretches.addLast(new Stretch(offset, bytes));
        RecordJson.scan(record).forEach(this::count);
    }

    /**
     * Leaves out what the target has.
     *
     * @param commitLsn the sink's position
     */
    void applied(LogSequenceNumber commitLsn) {
        while (!waiting.isEmpty() && waiting.getFirst().last().compareTo(commitLsn) <= 0) {
            waiting.removeFirst().changes().forEach((table, changes) -> pending.merge(table, -changes, Long::sum));
        }
    }

    private void count(ChangeEvent event) {
        inPieces = event instanceof ChangeEvent.Piece;
        if (event instanceof ChangeEvent.Started started) {
            lastEnd = started.consistentPoint().compareTo(lastEnd) > 0 ? started.consistentPoint() : lastEnd;
        } else if (event instanceof ChangeEvent.Begin) {
            open.clear();
        } else if (event instanceof ChangeEvent.End end) {
            if (end.commitLsn().compareTo(lastEnd) > 0) {
                lastEnd = end.commitLsn();
                add(end);
            }
            open.clear();
        } else if (event instanceof ChangeEvent.Insert insert) {
            open.merge(insert.table(), 1L, Long::sum);
        } else if (event instanceof ChangeEvent.Update update) {
            open.merge(update.table(), 1L, Long::sum);
        } else if (event instanceof ChangeEvent.Delete delete) {
            open.merge(delete.table(), 1L, Long::sum);
        } else if (event instanceof ChangeEvent.Truncate truncate) {
            open.merge(truncate.table(), 1L, Long::sum);
        }
    }

    private void add(ChangeEvent.End end) {
        Map<TableName, Long> changes = waiting.size() < SINGLE_TRANSACTIONS
                ? new HashMap<>()
                : waiting.removeLast().changes();
        open.forEach((table, count) -> {
            changes.merge(table, count, Long::sum);
            pending.merge(table, count, Long::sum);
        });
        waiting.addLast(new Bunch(end.commitLsn(), changes));
    }

    /** Changes of a table that are captured and not applied, in rows. */
    long pending(TableName table) {
        return pending.getOrDefault(table, 0L) + open.getOrDefault(table, 0L);
    }

    /** The same of all tables; with a change of which only pieces of its values have come. */
    long pending() {
        return Stream.of(pending, open)
                        .flatMap(changes -> changes.values().stream())
                        .mapToLong(Long::longValue)
                        .sum()
                + (inPieces ? 1 : 0);
    }

    /**
     * How many bytes the topic's records have that are not applied, too many rather than too few.
     *
     * @param next the offset of the next record to apply
     */
    long bytes(long next) {
        while (!stretches.isEmpty() && stretches.getFirst().last() < next) {
            stretches.removeFirst();
        }
        return stretches.stream().mapToLong(Stretch::bytes).sum();
    }

    /** The end of the last captured transaction. */
    LogSequenceNumber lastEnd() {
        return lastEnd;
    }
}
