package io.changeover.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** The topic of one table as a stock Debezium source writes it: JSON with schemas, through the converter and back. */
final class RowTopic {

    static final String UNSENT = "__debezium_unavailable_value";

    private static final Schema SOURCE = SchemaBuilder.struct()
            .name("io.debezium.connector.postgresql.Source")
            .field("schema", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .build();

    private final String table;
    private final Schema key;
    private final Schema row;
    private final List<SinkRecord> records = new ArrayList<>();
    private final JsonConverter keys = converter(true);
    private final JsonConverter values = converter(false);

    /**
     * A topic.
     *
     * @param columns name and schema in turn; the first one is the key
     */
    RowTopic(String table, Object... columns) {
        this.table = table;
        SchemaBuilder fields = SchemaBuilder.struct().name(topic() + ".Value").optional();
        for (int i = 0; i < columns.length; i += 2) {
            fields.field((String) columns[i], (Schema) columns[i + 1]);
        }
        row = fields.build();
        key = SchemaBuilder.struct()
                .name(topic() + ".Key")
                .field((String) columns[0], (Schema) columns[1])
                .build();
    }

    String topic() {
        return "shop.public." + table;
    }

    TopicPartition partition() {
        return new TopicPartition(topic(), 0);
    }

    RowTopic read(@Nullable Object... values) {
        return envelope("r", null, row(values));
    }

    RowTopic insert(@Nullable Object... values) {
        return envelope("c", null, row(values));
    }

    RowTopic update(@Nullable Object... values) {
        return envelope("u", null, row(values));
    }

    /** With its tombstone. */
    RowTopic delete(Object id) {
        envelope("d", old(id), null);
        return tombstone(id);
    }

    RowTopic tombstone(Object id) {
        return add(new SchemaAndValue(key, key(id)), SchemaAndValue.NULL, new ConnectHeaders());
    }

    /** As Debezium sends the change of a key: the old row goes, the new one comes, and they know of each other. */
    RowTopic move(Object from, @Nullable Object... now) {
        ConnectHeaders headers = new ConnectHeaders();
        headers.add("__debezium.newkey", Map.of(key.fields().get(0).name(), now[0]), null);
        add(new SchemaAndValue(key, key(from)), envelopeValue("d", old(from), null), headers);
        tombstone(from);
        return envelope("c", null, row(now));
    }

    RowTopic truncate() {
        return add(SchemaAndValue.NULL, envelopeValue("t", null, null), new ConnectHeaders());
    }

    /** What ExtractNewRecordState makes of it. */
    RowTopic flat(@Nullable Object... values) {
        Struct value = row(values);
        return add(new SchemaAndValue(key, key(values[0])), new SchemaAndValue(row, value), new ConnectHeaders());
    }

    RowTopic add(SchemaAndValue recordKey, SchemaAndValue value, ConnectHeaders headers) {
        SchemaAndValue keyAgain = again(keys, recordKey);
        SchemaAndValue valueAgain = again(values, value);
        records.add(new SinkRecord(
                topic(),
                0,
                keyAgain.schema(),
                keyAgain.value(),
                valueAgain.schema(),
                valueAgain.value(),
                records.size(),
                1_000_000L,
                TimestampType.CREATE_TIME,
                headers));
        return this;
    }

    List<SinkRecord> all() {
        return from(0);
    }

    List<SinkRecord> from(int offset) {
        return List.copyOf(records.subList(offset, records.size()));
    }

    int end() {
        return records.size();
    }

    private RowTopic envelope(String operation, @Nullable Struct before, @Nullable Struct after) {
        Struct values = after == null ? before : after;
        Object id = values.getWithoutDefault(key.fields().get(0).name());
        return add(new SchemaAndValue(key, key(id)), envelopeValue(operation, before, after), new ConnectHeaders());
    }

    private SchemaAndValue envelopeValue(String operation, @Nullable Struct before, @Nullable Struct after) {
        Schema schema = SchemaBuilder.struct()
                .name(topic() + ".Envelope")
                .field("before", row)
                .field("after", row)
                .field("source", SOURCE)
                .field("op", Schema.STRING_SCHEMA)
                .build();
        Struct source =
                new Struct(SOURCE).put("schema", "public").put("table", table).put("lsn", 42L);
        return new SchemaAndValue(
                schema,
                new Struct(schema)
                        .put("before", before)
                        .put("after", after)
                        .put("source", source)
                        .put("op", operation));
    }

    private Struct key(Object id) {
        return new Struct(key).put(key.fields().get(0), id);
    }

    private Struct old(Object id) {
        return new Struct(row).put(key.fields().get(0).name(), id);
    }

    private Struct row(@Nullable Object... values) {
        Struct struct = new Struct(row);
        int place = 0;
        for (Field field : row.fields()) {
            struct.put(field, values[place++]);
        }
        return struct;
    }

    private SchemaAndValue again(JsonConverter converter, SchemaAndValue value) {
        return converter.toConnectData(
                topic(), new RecordHeaders(), converter.fromConnectData(topic(), value.schema(), value.value()));
    }

    private static JsonConverter converter(boolean isKey) {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("schemas.enable", "true", "replace.null.with.default", "false"), isKey);
        return converter;
    }
}
