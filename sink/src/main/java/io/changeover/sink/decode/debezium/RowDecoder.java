package io.changeover.sink.decode.debezium;

import io.changeover.contract.Tuple;
import io.changeover.sink.target.TypedTable;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Makes PostgreSQL text of the rows of one table. Columns that the target computes are left out, and so are fields that
 * a transformation has added ({@code __op}) and the target has no column for. Not thread-safe.
 */
public final class RowDecoder {

    /**
     * Converters keep a schema as long as they can; a source that makes a new one for each record is no reason to grow.
     */
    private static final int MOST_SHAPES = 100;

    /**
     * What is decided once for the rows of a schema.
     *
     * @param names of the columns
     * @param fields at the same places
     * @param texts at the same places
     */
    private record Shape(List<String> names, List<Field> fields, List<ValueText> texts) {}

    private final Unsent unsent;
    private final ColumnTexts columns;
    private final IdentityHashMap<Schema, Shape> shapes = new IdentityHashMap<>();

    public RowDecoder(TypedTable table, SourceSettings source) {
        this.unsent = new Unsent(source.unsent());
        this.columns = new ColumnTexts(table, source.binary());
    }

    /**
     * A row, or a key of several columns.
     *
     * @throws UnreadableValueException if the source's value cannot be told; names table and column
     */
    public DecodedRow row(SchemaAndValue row) {
        if (row.value() instanceof Struct struct) {
            return struct(struct);
        } else if (row.value() instanceof Map<?, ?> map) {
            return map(map);
        }
        return new DecodedRow(Tuple.EMPTY, false);
    }

    /** One value for one column: a key that is no struct. */
    public DecodedRow value(String column, SchemaAndValue value) {
        Object found = value.value();
        String text = value.schema() == null
                ? columns.schemaless(column).of(found)
                : columns.of(column, value.schema()).of(found);
        return new DecodedRow(new Tuple.Builder(1).add(column, text).build(), false);
    }

    /** A key as a header holds it, where numbers have lost their type. */
    public DecodedRow keyOf(SchemaAndValue header, @Nullable Schema keySchema) {
        if (!(header.value() instanceof Map<?, ?> map) || keySchema == null || keySchema.type() != Schema.Type.STRUCT) {
            return row(header);
        }
        Struct key = new Struct(keySchema);
        for (Field field : keySchema.fields()) {
            key.put(field, Numbers.as(field.schema(), map.get(field.name())));
        }
        return struct(key);
    }

    private DecodedRow struct(Struct row) {
        Shape shape = shape(row.schema());
        int size = shape.names().size();
        @Nullable String[] values = new String[size];
        boolean[] left = new boolean[size];
        boolean partial = false;
        for (int i = 0; i < size; i++) {
            @Nullable Object value = row.getWithoutDefault(shape.fields().get(i).name());
            if (value != null && unsent.is(value)) {
                left[i] = true;
                partial = true;
            } else if (value != null) {
                values[i] = shape.texts().get(i).of(value);
            }
        }
        return partial
                ? new DecodedRow(without(left, shape.names(), values), true)
                : new DecodedRow(Tuple.of(shape.names(), values), false);
    }

    private static Tuple without(boolean[] left, List<String> names, @Nullable String[] values) {
        Tuple.Builder row = new Tuple.Builder(names.size());
        for (int i = 0; i < values.length; i++) {
            if (!left[i]) {
                row.add(names.get(i), values[i]);
            }
        }
        return row.build();
    }

    private DecodedRow map(Map<?, ?> row) {
        Tuple.Builder tuple = new Tuple.Builder(row.size());
        boolean partial = false;
        for (Map.Entry<?, ?> each : row.entrySet()) {
            String name = String.valueOf(each.getKey());
            @Nullable Object value = each.getValue();
            if (value != null && unsent.is(value)) {
                partial = true;
            } else if (!columns.isLeftOut(name)) {
                tuple.add(name, value == null ? null : columns.schemaless(name).of(value));
            }
        }
        return new DecodedRow(tuple.build(), partial);
    }

    private Shape shape(Schema schema) {
        Shape known = shapes.get(schema);
        if (known != null) {
            return known;
        }
        if (shapes.size() >= MOST_SHAPES) {
            shapes.clear();
        }
        Shape built = build(schema);
        shapes.put(schema, built);
        return built;
    }

    private Shape build(Schema schema) {
        List<String> names = new ArrayList<>();
        List<Field> fields = new ArrayList<>();
        List<ValueText> texts = new ArrayList<>();
        for (Field field : schema.fields()) {
            if (!columns.isLeftOut(field.name())) {
                names.add(field.name());
                fields.add(field);
                texts.add(columns.of(field.name(), field.schema()));
            }
        }
        return new Shape(List.copyOf(names), List.copyOf(fields), List.copyOf(texts));
    }
}
