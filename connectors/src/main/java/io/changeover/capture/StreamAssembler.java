package io.changeover.capture;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.MapWire;
import io.changeover.contract.Marker;
import io.changeover.contract.TableCounts;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import io.debezium.relational.RelationalChangeRecordEmitter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Turns Debezium's records into the contract's stream. Two things make it exact: every record carries the offset of the
 * last transaction end before it, so that a restart re-sends whole transactions; and the two halves of a key update are
 * one change again.
 *
 * <p>State between two calls: the offset, the counts of the transaction under way, a delete that waits for its insert.
 * Not thread-safe.
 */
final class StreamAssembler {

    private final String topic;
    private final Map<String, String> partition;
    private final Map<TableName, TableCounts> counts = new LinkedHashMap<>();
    private final Map<String, Object> identity;
    private Map<String, ?> safeOffset;
    private Optional<LogSequenceNumber> started;
    private @Nullable SourceRecord firstHalf;

    /** One event and where it is. */
    private record Located(ChangeEvent event, long lsn) {}

    StreamAssembler(String topic, Map<String, String> partition, StartingPoint point) {
        this.topic = topic;
        this.partition = partition;
        this.safeOffset = point.offset();
        this.started = point.created();
        this.identity = point.identity();
    }

    /** The records of a poll, in order. */
    List<SourceRecord> assemble(List<SourceRecord> records) {
        List<SourceRecord> stream = new ArrayList<>(records.size() + 1);
        started.ifPresent(lsn -> stream.add(record(new ChangeEvent.Started(lsn), lsn.asLong())));
        started = Optional.empty();
        for (SourceRecord record : records) {
            translate(record).ifPresent(located -> stream.add(record(located.event(), located.lsn())));
        }
        return stream;
    }

    private SourceRecord record(ChangeEvent event, long lsn) {
        return new SourceRecord(partition, safeOffset, topic, 0, null, null, null, MapWire.encode(event, lsn));
    }

    private Optional<Located> translate(SourceRecord record) {
        if (!(record.value() instanceof Struct value)) {
            throw new ConnectException("Debezium sent a record that is no structure, to topic " + record.topic());
        }
        if (has(value, "status")) {
            return Optional.of(boundary(record, value));
        }
        if (!has(value, "op")) {
            return Optional.empty(); // a heartbeat: its offset may lie inside a transaction
        }
        return switch (value.getString("op")) {
            case "c" -> Optional.of(insert(record, value));
            case "u" -> Optional.of(update(record, value));
            case "d" -> delete(record, value);
            case "t" -> Optional.of(truncate(value));
            case "m" -> message(value);
            default ->
                throw new ConnectException("Debezium sent the operation '" + value.getString("op")
                        + "', which does not belong into a stream, to topic " + record.topic());
        };
    }

    private Located boundary(SourceRecord record, Struct value) {
        long xid = number(record.sourceOffset(), "txId");
        if ("BEGIN".equals(value.getString("status"))) {
            counts.clear();
            firstHalf = null; // cut off with its transaction, which comes again
            return new Located(new ChangeEvent.Begin(xid), number(record.sourceOffset(), "lsn"));
        }
        if (firstHalf != null) {
            throw new ConnectException("A transaction ended between the two halves of a key update in " + topic);
        }
        safeOffset = safe(record.sourceOffset());
        LogSequenceNumber commitLsn = LogSequenceNumber.valueOf(number(record.sourceOffset(), "lsn_commit"));
        long committedAt = number(record.sourceOffset(), "ts_usec");
        return new Located(
                new ChangeEvent.End(xid, commitLsn, committedAt, List.copyOf(counts.values())), commitLsn.asLong());
    }

    private Located insert(SourceRecord record, Struct value) {
        Tuple after = tuple(value.getStruct("after"));
        SourceRecord half = firstHalf;
        if (half == null) {
            return located(value, table -> new ChangeEvent.Insert(table, after), 1, 0, 0, 0);
        }
        if (record.headers().lastWithName(RelationalChangeRecordEmitter.PK_UPDATE_OLDKEY_FIELD) == null) {
            throw new ConnectException("The second half of a key update is missing in " + topic);
        }
        firstHalf = null;
        Tuple before = identity(half, (Struct) half.value());
        return located(value, table -> new ChangeEvent.Update(table, before, after), 0, 1, 0, 0);
    }

    private Located update(SourceRecord record, Struct value) {
        Tuple before = identity(record, value);
        Tuple after = tuple(value.getStruct("after"));
        return located(value, table -> new ChangeEvent.Update(table, before, after), 0, 1, 0, 0);
    }

    private Optional<Located> delete(SourceRecord record, Struct value) {
        if (record.headers().lastWithName(RelationalChangeRecordEmitter.PK_UPDATE_NEWKEY_FIELD) != null) {
            firstHalf = record;
            return Optional.empty();
        }
        Tuple before = identity(record, value);
        return Optional.of(located(value, table -> new ChangeEvent.Delete(table, before), 0, 0, 1, 0));
    }

    private Located truncate(Struct value) {
        return located(value, ChangeEvent.Truncate::new, 0, 0, 0, 1);
    }

    private static Optional<Located> message(Struct value) {
        Struct message = value.getStruct("message");
        String prefix = message.getString("prefix");
        boolean inTransaction = value.getStruct("source").getInt64("txId") != null;
        if (!prefix.equals(Marker.PREFIX) || !inTransaction) {
            return Optional.empty();
        }
        String content = text(message.get("content"));
        return Optional.of(new Located(
                new ChangeEvent.Message(prefix, content),
                value.getStruct("source").getInt64("lsn")));
    }

    private static String text(Object content) {
        return content instanceof ByteBuffer buffer
                ? StandardCharsets.UTF_8.decode(buffer.duplicate()).toString()
                : new String((byte[]) content, StandardCharsets.UTF_8);
    }

    private Located located(
            Struct value,
            java.util.function.Function<TableName, ChangeEvent> event,
            int inserts,
            int updates,
            int deletes,
            int truncates) {
        Struct source = value.getStruct("source");
        TableName table = new TableName(source.getString("schema"), source.getString("table"));
        counts.merge(table, new TableCounts(table, inserts, updates, deletes, truncates), TableCounts::plus);
        return new Located(event.apply(table), source.getInt64("lsn"));
    }

    /**
     * What tells the row on the target: the key, or the whole old row of a table without one. Debezium takes a unique
     * index for a key if there is no other; with a NULL in it, it tells nothing.
     */
    private static Tuple identity(SourceRecord record, Struct value) {
        if (record.key() instanceof Struct key) {
            Tuple tuple = tuple(key);
            if (tuple.size() > 0 && !tuple.toMap().containsValue(null)) {
                return tuple;
            }
        }
        Struct before = value.getStruct("before");
        if (before == null) {
            throw new ConnectException("A change of a table without a key came without the old row, in topic "
                    + record.topic() + ": set its replica identity to full");
        }
        return tuple(before);
    }

    private static Tuple tuple(Struct row) {
        Tuple.Builder tuple = new Tuple.Builder(row.schema().fields().size());
        for (Field field : row.schema().fields()) {
            Object value = row.getWithoutDefault(field.name());
            if (!isUnsent(value)) {
                tuple.add(field.name(), (String) value);
            }
        }
        return tuple.build();
    }

    @SuppressWarnings("ReferenceEquality") // by identity, so that no user value can equal it
    private static boolean isUnsent(@Nullable Object value) {
        return value == TextConverter.UNSENT;
    }

    private static boolean has(Struct value, String field) {
        return value.schema().field(field) != null;
    }

    /** The offset of a transaction's end, without what Debezium remembers inside of one, and with whose it is. */
    private Map<String, Object> safe(Map<String, ?> offset) {
        Map<String, Object> kept = new HashMap<>(offset);
        kept.keySet().removeIf(key -> key.startsWith("transaction_"));
        kept.putAll(identity);
        return kept;
    }

    private static long number(Map<String, ?> offset, String key) {
        if (offset.get(key) instanceof Number number) {
            return number.longValue();
        }
        throw new ConnectException("Debezium's offset has no " + key);
    }
}
