package io.changeover.capture;

import io.debezium.relational.RelationalChangeRecordEmitter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Records as Debezium sends them: the fields and the offsets that are read, with the names that Debezium gives them.
 */
final class DebeziumRecords {

    private static final Map<String, String> PARTITION = Map.of("server", "topic");
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("schema", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
            .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .build();
    private static final Schema MESSAGE = SchemaBuilder.struct()
            .optional()
            .field("prefix", Schema.STRING_SCHEMA)
            .field("content", Schema.BYTES_SCHEMA)
            .build();
    private static final Schema BOUNDARY =
            SchemaBuilder.struct().field("status", Schema.STRING_SCHEMA).build();
    private static final Schema HEARTBEAT =
            SchemaBuilder.struct().field("ts_ms", Schema.INT64_SCHEMA).build();

    private final long xid;
    private long lsn;

    /** Records of one transaction, each 10 bytes after the one before. */
    DebeziumRecords(long xid, long lsn) {
        this.xid = xid;
        this.lsn = lsn;
    }

    SourceRecord begin() {
        return boundary("BEGIN");
    }

    SourceRecord end() {
        return boundary("END");
    }

    private SourceRecord boundary(String status) {
        Struct value = new Struct(BOUNDARY).put("status", status);
        return new SourceRecord(PARTITION, offset(), "topic.transaction", null, null, null, BOUNDARY, value);
    }

    SourceRecord heartbeat() {
        Struct value = new Struct(HEARTBEAT).put("ts_ms", 1L);
        return new SourceRecord(PARTITION, offset(), "__debezium-heartbeat", null, null, null, HEARTBEAT, value);
    }

    SourceRecord insert(String table, Map<String, String> key, Map<String, String> after) {
        return change("c", table, key, Map.of(), after);
    }

    SourceRecord update(String table, Map<String, String> key, Map<String, String> before, Map<String, String> after) {
        return change("u", table, key, before, after);
    }

    SourceRecord delete(String table, Map<String, String> key, Map<String, String> before) {
        return change("d", table, key, before, Map.of());
    }

    SourceRecord truncate(String table) {
        return change("t", table, Map.of(), Map.of(), Map.of());
    }

    /** The delete of the old key. */
    SourceRecord firstHalf(String table, Map<String, String> oldKey) {
        SourceRecord record = delete(table, oldKey, oldKey);
        record.headers().addString(RelationalChangeRecordEmitter.PK_UPDATE_NEWKEY_FIELD, "new");
        return record;
    }

    /** The insert of the new key. */
    SourceRecord secondHalf(String table, Map<String, String> newKey, Map<String, String> after) {
        SourceRecord record = insert(table, newKey, after);
        record.headers().addString(RelationalChangeRecordEmitter.PK_UPDATE_OLDKEY_FIELD, "old");
        return record;
    }

    SourceRecord message(String prefix, String content, boolean inTransaction) {
        Struct message = new Struct(MESSAGE)
                .put("prefix", prefix)
                .put("content", java.nio.ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
        Map<String, ?> offset = offset();
        Struct source = source("").put("txId", inTransaction ? xid : null);
        Schema schema = SchemaBuilder.struct()
                .field("op", Schema.STRING_SCHEMA)
                .field("source", SOURCE)
                .field("message", MESSAGE)
                .build();
        Struct value = new Struct(schema).put("op", "m").put("source", source).put("message", message);
        return new SourceRecord(PARTITION, offset, "topic.message", null, null, null, schema, value);
    }

    private SourceRecord change(
            String op, String table, Map<String, String> key, Map<String, String> before, Map<String, String> after) {
        Map<String, ?> offset = offset();
        Schema beforeSchema = row(before);
        Schema afterSchema = row(after);
        Schema schema = SchemaBuilder.struct()
                .field("op", Schema.STRING_SCHEMA)
                .field("before", beforeSchema)
                .field("after", afterSchema)
                .field("source", SOURCE)
                .build();
        Struct value = new Struct(schema)
                .put("op", op)
                .put("before", before.isEmpty() ? null : struct(beforeSchema, before))
                .put("after", after.isEmpty() ? null : struct(afterSchema, after))
                .put("source", source(table));
        Schema keySchema = row(key);
        return new SourceRecord(
                PARTITION,
                offset,
                "topic.s." + table,
                null,
                key.isEmpty() ? null : keySchema,
                key.isEmpty() ? null : struct(keySchema, key),
                schema,
                value);
    }

    private Struct source(String table) {
        return new Struct(SOURCE)
                .put("schema", "s")
                .put("table", table)
                .put("txId", xid)
                .put("lsn", lsn);
    }

    private Map<String, ?> offset() {
        lsn += 10;
        Map<String, Object> offset = new HashMap<>();
        offset.put("txId", xid);
        offset.put("lsn", lsn);
        offset.put("lsn_commit", lsn);
        offset.put("ts_usec", 1_000_000L + xid);
        offset.put("transaction_id", xid + ":" + lsn);
        offset.put("transaction_data_collection_order_s.t", 1L);
        return offset;
    }

    private static Schema row(Map<String, String> columns) {
        SchemaBuilder schema = SchemaBuilder.struct().optional();
        columns.keySet().forEach(name -> schema.field(name, Schema.OPTIONAL_STRING_SCHEMA));
        return schema.build();
    }

    private static Struct struct(Schema schema, Map<String, String> columns) {
        Struct struct = new Struct(schema);
        columns.forEach(struct::put);
        return struct;
    }

    /** A row: names and values in turn; a null value is NULL. */
    static Map<String, String> row(String... namesAndValues) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return row;
    }
}
