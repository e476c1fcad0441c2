package io.changeover.sink.rows;

import io.changeover.contract.TableCounts;
import io.changeover.postgres.TableName;
import io.changeover.sink.group.ChangeSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Records that go into one target transaction, and where the next one begins. Not thread-safe. */
final class RowBatch {

    /**
     * A record.
     *
     * @param table which it changes, if it changes one
     * @param change what it does to that, if it was understood
     * @param belongsToNext whether whoever starts again has to read it again, to understand the next one
     */
    record Entry(RowChange.Place place, Optional<TableName> table, Optional<RowChange> change, boolean belongsToNext) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<RowChange> changes = new ArrayList<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final Map<TopicPartition, Long> resume = new HashMap<>();
    private final Map<TopicPartition, Map<TableName, TableCounts>> counts = new HashMap<>();
    private final Map<TopicPartition, Map<TableName, Long>> held = new HashMap<>();
    private long bytes;
    private long producedMillis;

    /** Takes a record whose change, if any, is to be applied. */
    void add(Entry entry) {
        pass(entry);
        entry.change().ifPresent(change -> {
            changes.add(change);
            bytes += ChangeSize.of(change.key()) + ChangeSize.of(change.row());
            counts.computeIfAbsent(entry.place().topicPartition(), each -> new LinkedHashMap<>())
                    .merge(change.table(), count(change), TableCounts::plus);
        });
    }

    /** Takes a record of this table whose change is not to be applied. */
    void hold(Entry entry, TableName table) {
        pass(entry);
        held.computeIfAbsent(entry.place().topicPartition(), each -> new LinkedHashMap<>())
                .merge(table, 1L, Long::sum);
    }

    private void pass(Entry entry) {
        entries.add(entry);
        RowChange.Place place = entry.place();
        producedMillis = Math.max(producedMillis, place.producedMillis());
        next.put(place.topicPartition(), place.offset() + 1);
        resume.put(place.topicPartition(), entry.belongsToNext() ? place.offset() : place.offset() + 1);
    }

    boolean isFull(long mostChanges, long mostBytes) {
        return changes.size() >= mostChanges || bytes >= mostBytes;
    }

    boolean isEmpty() {
        return next.isEmpty();
    }

    /** In the order in which they were taken. */
    List<Entry> entries() {
        return entries;
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

    /** How many records of which tables are not to be applied. */
    Map<TopicPartition, Map<TableName, Long>> held() {
        return held;
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
