package io.changeover.sink.decode.debezium;

import io.changeover.postgres.TableName;
import io.changeover.sink.decode.RecordDecoder;
import io.changeover.sink.decode.debezium.SourceRow.Operation;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of a stock Debezium source: its envelope, or rows that ExtractNewRecordState took out of it, with
 * schemas or as JSON maps without. Heartbeats, transaction boundaries and logical messages change no row.
 */
public final class RecordReader {

    private static final String NEW_KEY = "__debezium.newkey";

    private final TableNaming naming;

    public RecordReader(TableNaming naming) {
        this.naming = naming;
    }

    /**
     * What a record says about a row; empty if it says nothing about any.
     *
     * @throws DataException if it cannot be told
     */
    public Optional<SourceRow> read(SinkRecord record) {
        SchemaAndValue value = new SchemaAndValue(record.valueSchema(), record.value());
        if (value.value() == null) {
            return record.key() == null ? Optional.empty() : Optional.of(row(record, Operation.TOMBSTONE, value));
        }
        if (Fields.kind(value).isEmpty()) {
            throw unreadable(record, "is neither a row nor an envelope of Debezium");
        }
        if (Housekeeping.changesNothing(record.topic(), value)) {
            return Optional.empty();
        }
        if (Housekeeping.isSchemaChange(value)) {
            throw new DataException("CO-2046: " + RecordDecoder.place(record)
                    + " is a change of a table's definition, which the sink does not apply:"
                    + " make it on the target, and leave the topic out");
        }
        return Fields.has(value, "op") && Fields.has(value, "source")
                ? envelope(record, value)
                : Optional.of(flat(record, value));
    }

    private Optional<SourceRow> envelope(SinkRecord record, SchemaAndValue envelope) {
        TableName table = naming.of(record.topic(), source(Fields.of(envelope, "source"), "schema", "table"));
        String operation = String.valueOf(Fields.of(envelope, "op").value());
        return switch (operation) {
            case "r" -> Optional.of(row(record, table, Operation.READ, Fields.of(envelope, "after")));
            case "c" -> Optional.of(row(record, table, Operation.INSERT, Fields.of(envelope, "after")));
            case "u" -> Optional.of(row(record, table, Operation.UPDATE, Fields.of(envelope, "after")));
            case "d" -> Optional.of(row(record, table, Operation.DELETE, Fields.of(envelope, "before")));
            case "t" -> Optional.of(row(record, table, Operation.TRUNCATE, SchemaAndValue.NULL));
            case "m" -> Optional.empty();
            default -> throw unreadable(record, "has an operation that the sink does not know");
        };
    }

    private SourceRow flat(SinkRecord record, SchemaAndValue row) {
        TableName table = naming.of(
                record.topic(),
                source(row, "__schema", "__table").or(() -> source(row, "__source_schema", "__source_table")));
        if (Fields.has(row, "__deleted")
                && "true".equals(String.valueOf(Fields.of(row, "__deleted").value()))) {
            return row(record, table, Operation.DELETE, row);
        }
        String operation =
                Fields.has(row, "__op") ? String.valueOf(Fields.of(row, "__op").value()) : "";
        return switch (operation) {
            case "r" -> row(record, table, Operation.READ, row);
            case "c" -> row(record, table, Operation.INSERT, row);
            case "u" -> row(record, table, Operation.UPDATE, row);
            case "d" -> row(record, table, Operation.DELETE, row);
            default -> row(record, table, Operation.WRITE, row);
        };
    }

    private SourceRow row(SinkRecord record, Operation operation, SchemaAndValue row) {
        return row(record, naming.of(record.topic()), operation, row);
    }

    private static SourceRow row(SinkRecord record, TableName table, Operation operation, SchemaAndValue row) {
        return new SourceRow(
                table, operation, new SchemaAndValue(record.keySchema(), record.key()), row, newKey(record));
    }

    /** The two halves of a key's change know of each other by a header. */
    private static Optional<SchemaAndValue> newKey(SinkRecord record) {
        @Nullable Header header = record.headers().lastWithName(NEW_KEY);
        if (header == null || !(header.value() instanceof Struct || header.value() instanceof Map<?, ?>)) {
            return Optional.empty();
        }
        return Optional.of(new SchemaAndValue(header.schema(), header.value()));
    }

    private static Optional<TableName> source(SchemaAndValue fields, String schema, String table) {
        if (!Fields.has(fields, table)) {
            return Optional.empty();
        }
        String schemaName = Fields.has(fields, schema)
                ? String.valueOf(Fields.of(fields, schema).value())
                : "public";
        return Optional.of(new TableName(
                schemaName, String.valueOf(Fields.of(fields, table).value())));
    }

    private static DataException unreadable(SinkRecord record, String reason) {
        return new DataException("CO-2041: " + RecordDecoder.place(record) + " " + reason
                + ": use a JSON converter, with schemas, on topics of a Debezium source");
    }
}
