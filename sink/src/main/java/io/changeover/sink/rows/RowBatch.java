package io.changeover.sink.rows;

import io.changeover.contract.TableCounts;
import io.changeover.postgres.TableName;
import io.changeover.sink.group.ChangeSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Changes that go into one target transaction, and where the next one begins. Not thread-safe. */
final class RowBatch {

    private final List<RowChange> changes = new ArrayList<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<TopicPartition, Long> resume = new HashMap<>();
    private final Map<TopicPartition, Map<TableName, TableCounts>> counts = new HashMap<>();
    private long bytes;
    private long producedMillis;

    void add(RowChange change) {
        changes.add(change);
        bytes += ChangeSize.of(change.key()) + ChangeSize.of(change.row());
        TopicPartition partition =
                new TopicPartition(change.place().topic(), change.place().partition());
        counts.computeIfAbsent(partition, each -> new LinkedHashMap<>())
                .merge(change.table(), count(change), TableCounts::plus);
    }

    /**
     * A record was read, whether it changes something or not.
     *
     * @param producedAt when it was produced, in milliseconds since 1970; 0 if that is not known
     * @param belongsToNext whether whoever starts again has to read it again, to understand the next one
     */
    void passed(TopicPartition partition, long offset, long producedAt, boolean belongsToNext) {
        producedMillis = Math.max(producedMillis, producedAt);
        next.put(partition, offset + 1);
        resume.put(partition, belongsToNext ? offset : offset + 1);
    }

    boolean isFull(long mostChanges, long mostBytes) {
        return changes.size() >= mostChanges || bytes >= mostBytes;
    }

    boolean isEmpty() {
        return next.isEmpty();
    }

    List<RowChange> changes() {
        return changes;
    }

    /** The next record of each partition that was read. */
    Map<TopicPartition, Long> next() {
        return next;
    }

    /** Where to start again. */
    Map<TopicPartition, Long> resume() {
        return resume;
    }

    /** When the youngest record that was read was produced, in milliseconds since 1970; 0 if that is not known. */
    long producedMillis() {
        return producedMillis;
    }

    Map<TopicPartition, Map<TableName, TableCounts>> counts() {
        return counts;
    }

    private static TableCounts count(RowChange change) {
        return switch (change.kind()) {
            case WRITE ->
                change.isNew()
                        ? new TableCounts(change.table(), 1, 0, 0, 0)
                        : new TableCounts(change.table(), 0, 1, 0, 0);
            case MOVE -> new TableCounts(change.table(), 0, 1, 0, 0);
            case DELETE -> new TableCounts(change.table(), 0, 0, 1, 0);
            case TRUNCATE -> new TableCounts(change.table(), 0, 0, 0, 1);
        };
    }
}
