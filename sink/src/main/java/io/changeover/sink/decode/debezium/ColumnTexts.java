package io.changeover.sink.decode.debezium;

import io.changeover.sink.target.TargetColumn;
import io.changeover.sink.target.TargetType;
import io.changeover.sink.target.TypedTable;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;

/** How the values of a table's columns are written, with errors that say where. */
final class ColumnTexts {

    private static final String ADDED = "__";

    private final TypedTable table;
    private final ValueTexts texts;
    private final SchemalessTexts schemaless;

    ColumnTexts(TypedTable table, BinaryMode binary) {
        this.table = table;
        this.texts = new ValueTexts(binary);
        this.schemaless = new SchemalessTexts(binary);
    }

    /** Whether the target computes it, or has no such column and needs none. */
    boolean isLeftOut(String name) {
        Optional<TargetColumn> column = table.table().column(name);
        return column.isPresent() ? column.get().generated() : name.startsWith(ADDED);
    }

    /** Of a type that cannot be told, NULLs can. */
    ValueText of(String name, Schema schema) {
        TargetType type = type(name);
        try {
            ValueText text = texts.of(schema, type);
            return value -> located(name, () -> text.of(value));
        } catch (UnreadableValueException e) {
            return value -> {
                throw unreadable(name, e);
            };
        }
    }

    ValueText schemaless(String name) {
        TargetType type = type(name);
        return value -> located(name, () -> schemaless.of(value, type));
    }

    private String located(String name, Supplier<String> text) {
        try {
            return text.get();
        } catch (UnreadableValueException e) {
            throw unreadable(name, e);
        } catch (RuntimeException e) {
            // without the cause, whose message may hold the value
            throw unreadable(
                    name,
                    new UnreadableValueException(
                            "is not what its schema says (" + e.getClass().getSimpleName() + ")"));
        }
    }

    private UnreadableValueException unreadable(String name, UnreadableValueException cause) {
        return new UnreadableValueException(
                "CO-2045: Column \"" + name + "\" of " + table.table().name() + " " + cause.getMessage(), cause);
    }

    private TargetType type(String name) {
        return table.type(name)
                .orElseThrow(
                        () -> new UnreadableValueException(
                                "Table " + table.table().name()
                                        + " on the target has no column \"" + name
                                        + "\", which the source sends: add it there (alter table … add column …) and restart the task"));
    }
}
