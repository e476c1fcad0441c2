package io.changeover.sink;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.ChangeRecord;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import io.changeover.sink.apply.StreamApplier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A change topic in memory: what a capture would have written, one event in a record, each transaction linked to the
 * one before it.
 */
final class ChangeTopic {

    static final String NAME = "stream";

    private static final long BEGINNING = 1;

    private final List<SinkRecord> records = new ArrayList<>();
    private final NavigableSet<Long> commits = new TreeSet<>(List.of(BEGINNING));

    /** Events since the last begin. */
    private long count;

    ChangeTopic() {
        add(new ChangeEvent.Started(LogSequenceNumber.valueOf(BEGINNING)));
    }

    /** Adds an event; an end says how many have come since the last begin, whatever it said. */
    ChangeTopic add(ChangeEvent event) {
        if (event instanceof ChangeEvent.End end) {
            commits.add(end.commitLsn().asLong());
            return append(new ChangeEvent.End(end.xid(), end.commitLsn(), end.committedAt(), count));
        }
        count++;
        return append(event);
    }

    private ChangeTopic append(ChangeEvent event) {
        long offset = records.size();
        records.add(new SinkRecord(NAME, 0, null, null, null, new ChangeRecord(List.of(event)), offset));
        return this;
    }

    /** A whole transaction; its number is xid and commit LSN. */
    ChangeTopic transaction(long number, ChangeEvent... changes) {
        begin(number, changes);
        return add(new ChangeEvent.End(number, LogSequenceNumber.valueOf(number), number * 1_000_000, 0));
    }

    /** A transaction without its end. It follows the one with the next lower number. */
    ChangeTopic begin(long number, ChangeEvent... changes) {
        Long before = commits.lower(number);
        append(new ChangeEvent.Begin(number, LogSequenceNumber.valueOf(before == null ? 0 : before)));
        count = 0;
        List.of(changes).forEach(this::add);
        return this;
    }

    List<SinkRecord> all() {
        return from(0);
    }

    List<SinkRecord> from(long offset) {
        return List.copyOf(records.subList((int) offset, records.size()));
    }

    /** Gives an applier what is there from an offset on. */
    void feed(StreamApplier applier, long offset) {
        for (SinkRecord each : from(offset)) {
            applier.take(each.kafkaOffset(), ((ChangeRecord) each.value()).events());
        }
    }

    long end() {
        return records.size();
    }

    static ChangeEvent insert(String table, @Nullable String... columns) {
        return new ChangeEvent.Insert(name(table), row(columns));
    }

    static ChangeEvent update(String table, Tuple before, @Nullable String... after) {
        return new ChangeEvent.Update(name(table), before, row(after));
    }

    static ChangeEvent delete(String table, @Nullable String... before) {
        return new ChangeEvent.Delete(name(table), row(before));
    }

    static ChangeEvent truncate(String table) {
        return new ChangeEvent.Truncate(name(table));
    }

    /** Names and values in turn. */
    static Tuple row(@Nullable String... columns) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            row.put(columns[i], columns[i + 1]);
        }
        return Tuple.of(row);
    }

    static TableName name(String table) {
        return new TableName("public", table);
    }
}
