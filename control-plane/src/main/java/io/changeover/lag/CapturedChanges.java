package io.changeover.lag;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.TableName;
import io.changeover.wire.RecordJson;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Counts what the change topic holds and the target does not, by table, also of a transaction whose end has not come. A
 * transaction that was sent twice counts once, but while it comes again. In a deep backlog transactions are counted in
 * bunches, so that memory stays bounded; the number is then too high by at most a bunch, never too low. Not
 * thread-safe.
 */
final class CapturedChanges implements AutoCloseable {

    private static final Duration BUDGET = Duration.ofMillis(250);
    private static final int SINGLE_TRANSACTIONS = 10_000;

    private record Bunch(LogSequenceNumber last, Map<TableName, Long> changes) {}

    private final TopicTail tail;
    private final Deque<Bunch> waiting = new ArrayDeque<>();
    private final Map<TableName, Long> pending = new HashMap<>();
    private final Map<TableName, Long> open = new HashMap<>();
    private boolean inPieces;
    private LogSequenceNumber lastEnd;

    /**
     * Counts from a position of the sink on.
     *
     * @param offset the sink's position
     * @param commitLsn the sink's position
     */
    CapturedChanges(String bootstrapServers, String topic, long offset, LogSequenceNumber commitLsn) {
        tail = new TopicTail(bootstrapServers, topic, offset);
        lastEnd = commitLsn;
    }

    /**
     * Reads what has come, and leaves out what the target has.
     *
     * @param applied the sink's position
     */
    void read(LogSequenceNumber applied) {
        tail.drain(BUDGET, this::count);
        while (!waiting.isEmpty() && waiting.getFirst().last().compareTo(applied) <= 0) {
            waiting.removeFirst().changes().forEach((table, changes) -> pending.merge(table, -changes, Long::sum));
        }
    }

    private void count(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() != null) {
            RecordJson.scan(record.value()).forEach(this::count);
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

    /** The end of the last captured transaction. */
    LogSequenceNumber lastEnd() {
        return lastEnd;
    }

    /** The offset after the topic's last record. */
    long topicEnd() {
        return tail.end();
    }

    @Override
    public void close() {
        tail.close();
    }
}
