package io.changeover.sink.rows;

import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import io.changeover.sink.decode.RecordDecoder;
import io.changeover.sink.decode.debezium.DecodedRow;
import io.changeover.sink.decode.debezium.RecordReader;
import io.changeover.sink.decode.debezium.SourceRow;
import io.changeover.sink.failure.FailedChange;
import io.changeover.sink.failure.RefusedException;
import io.changeover.sink.rows.RowSettings.InsertMode;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Makes changes of the target's tables out of records, as the settings want them. */
final class RowReader {

    private static final String INVALID_DATA = "22000";

    private final RowSettings settings;
    private final RowTables tables;
    private final RecordReader reader;
    private final Map<TopicPartition, SchemaAndValue> deleted = new HashMap<>();

    RowReader(RowSettings settings, RowTables tables) {
        this.settings = settings;
        this.tables = tables;
        this.reader = new RecordReader(settings.naming());
    }

    /**
     * Reads a record.
     *
     * @return empty if it changes nothing
     * @throws RowRefusedException if it cannot be told what it changes
     */
    Optional<RowChange> read(SinkRecord record) throws SQLException, RowRefusedException {
        Optional<SourceRow> row = Optional.empty();
        try {
            row = reader.read(record);
            return isOfNoEffect(record, row) ? Optional.empty() : Optional.of(change(record, row.orElseThrow()));
        } catch (DataException e) {
            String message = String.valueOf(e.getMessage());
            String named = message.contains(RecordDecoder.place(record))
                    ? message
                    : RecordDecoder.place(record) + ": " + message;
            throw unread(record, row, new RefusedException(INVALID_DATA, named));
        } catch (RefusedException e) {
            throw unread(record, row, e);
        }
    }

    private boolean isOfNoEffect(SinkRecord record, Optional<SourceRow> read) {
        TopicPartition partition = new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
        @Nullable SchemaAndValue deletedBefore = deleted.remove(partition);
        read.filter(row -> row.operation() == SourceRow.Operation.DELETE)
                .ifPresent(row -> deleted.put(partition, row.key()));
        return read.isEmpty() || isPassedOver(read.get()) || isTombstoneOf(deletedBefore, read.get());
    }

    private RowRefusedException unread(SinkRecord record, Optional<SourceRow> row, RefusedException reason) {
        TableName table =
                row.map(SourceRow::table).orElseGet(() -> settings.naming().of(record.topic()));
        String operation = row.map(each -> each.operation().word()).orElse("unreadable");
        return RowRefusedException.unread(
                RowChange.Place.of(record),
                new FailedChange(table, operation, "", reason.sqlState(), String.valueOf(reason.getMessage())),
                reason);
    }

    private RowChange change(SinkRecord record, SourceRow row) throws SQLException {
        RowTable table = tables.find(row.table()).orElseThrow(() -> withoutTable(record, row));
        RowChange.Place place = RowChange.Place.of(record);
        return switch (row.operation()) {
            case TRUNCATE -> RowChange.truncate(row.table(), place);
            case DELETE, TOMBSTONE -> delete(row, table, place);
            case READ, INSERT, UPDATE, WRITE -> write(row, table, place);
        };
    }

    private boolean isPassedOver(SourceRow row) {
        return switch (row.operation()) {
            case DELETE, TOMBSTONE -> !settings.deletes();
            case TRUNCATE -> !settings.truncates();
            case READ, INSERT, UPDATE, WRITE -> false;
        };
    }

    /**
     * Whether the partition's last record was a delete, which its tombstone may follow. Only the delete names its table
     * for certain, so that one without the other is not understood.
     */
    boolean awaitsTombstone(TopicPartition partition) {
        return deleted.containsKey(partition);
    }

    private static boolean isTombstoneOf(@Nullable SchemaAndValue deletedBefore, SourceRow row) {
        return row.operation() == SourceRow.Operation.TOMBSTONE && row.key().equals(deletedBefore);
    }

    private static RefusedException withoutTable(SinkRecord record, SourceRow row) {
        return new RefusedException(
                "42P01",
                "CO-2047: " + RecordDecoder.place(record) + " belongs to table " + row.table()
                        + ", which the target does not have: create it there, or set table.name.format, and restart the task."
                        + " Of flattened deletes only the topic's name tells the table, unless they are rewritten"
                        + " (delete.tombstone.handling.mode=rewrite)");
    }

    private RowChange write(SourceRow row, RowTable table, RowChange.Place place) {
        DecodedRow values = table.decoder().row(row.row());
        Tuple key = key(row, table, values.tuple());
        Tuple whole = with(values.tuple(), key);
        boolean isNew = row.operation().isNew() || settings.write() == InsertMode.INSERT;
        return new RowChange(RowChange.Kind.WRITE, row.table(), key, whole, values.isPartial(), isNew, place);
    }

    private RowChange delete(SourceRow row, RowTable table, RowChange.Place place) {
        Tuple key = key(row, table, Tuple.EMPTY);
        if (row.newKey().isPresent()) {
            Tuple now = chosen(table.decoder()
                    .keyOf(row.newKey().get(), row.key().schema())
                    .tuple());
            if (now.names().equals(key.names()) && !now.equals(key)) {
                return new RowChange(RowChange.Kind.MOVE, row.table(), key, now, true, false, place);
            }
        }
        return new RowChange(RowChange.Kind.DELETE, row.table(), key, Tuple.EMPTY, false, false, place);
    }

    private Tuple key(SourceRow row, RowTable table, Tuple values) {
        return switch (settings.keys()) {
            case NONE -> Tuple.EMPTY;
            case RECORD_VALUE -> complete(chosen(values));
            case RECORD_KEY -> complete(recordKey(row.key(), table));
        };
    }

    private Tuple recordKey(SchemaAndValue key, RowTable table) {
        if (key.value() == null) {
            return Tuple.EMPTY;
        } else if (key.value() instanceof Struct || key.value() instanceof Map<?, ?>) {
            return chosen(table.decoder().row(key).tuple());
        } else if (settings.keyFields().size() == 1) {
            return table.decoder().value(settings.keyFields().get(0), key).tuple();
        }
        throw noKey("is a single value, for which pk.fields has to name one column");
    }

    /** The columns that the settings name, or all. */
    private Tuple chosen(Tuple columns) {
        List<String> wanted = settings.keyFields();
        if (wanted.isEmpty() || wanted.equals(columns.names())) {
            return columns;
        }
        Map<String, @Nullable String> chosen = new LinkedHashMap<>();
        for (String name : wanted) {
            int place = columns.indexOf(name);
            if (place < 0) {
                throw noKey("has no field \"" + name + "\", which pk.fields names");
            }
            chosen.put(name, columns.value(place));
        }
        return Tuple.of(chosen);
    }

    private static Tuple complete(Tuple key) {
        if (key.size() == 0) {
            throw noKey("is empty");
        }
        for (int i = 0; i < key.size(); i++) {
            if (key.value(i) == null) {
                throw noKey("is null in \"" + key.names().get(i) + "\"");
            }
        }
        return key;
    }

    /** Of the key's columns those that the value does not have. */
    private static Tuple with(Tuple row, Tuple key) {
        if (row.names().containsAll(key.names())) {
            return row;
        }
        Map<String, @Nullable String> both = new LinkedHashMap<>(key.toMap());
        both.putAll(row.toMap());
        return Tuple.of(both);
    }

    private static DataException noKey(String what) {
        return new DataException("CO-2049: the record's key " + what + ": a table without a key takes"
                + " insert.mode=insert with pk.mode=none only");
    }
}
