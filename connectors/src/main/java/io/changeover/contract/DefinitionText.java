package io.changeover.contract;

import io.changeover.contract.ColumnDefinition.Earlier;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A definition as a text that a person can read: schema, table and its oid, then a line for each column with number,
 * name, type, {@code key} or {@code -}, what earlier rows have, and their value. Fields are separated by tabs and
 * escaped as COPY does.
 */
public final class DefinitionText {

    private static final int FIELDS = 6;

    private DefinitionText() {}

    /** The text of a definition. */
    public static String write(TableDefinition definition) {
        StringBuilder text = new StringBuilder();
        line(text, definition.table().schema(), definition.table().name(), String.valueOf(definition.oid()));
        for (ColumnDefinition column : definition.columns()) {
            line(
                    text,
                    String.valueOf(column.number()),
                    column.name(),
                    column.type(),
                    column.key() ? "key" : "-",
                    column.earlier().name().toLowerCase(Locale.ROOT),
                    column.value());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String... fields) {
        for (int i = 0; i < fields.length; i++) {
            text.append(i == 0 ? "" : "\t").append(escaped(fields[i]));
        }
        text.append('\n');
    }

    /**
     * The definition in a text.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static TableDefinition read(String text) {
        List<String> lines = text.lines().toList();
        List<String> name = lines.isEmpty() ? List.of() : fields(lines.get(0));
        if (name.size() < 2) {
            throw new IllegalArgumentException("A definition in a change record has no table");
        }
        return new TableDefinition(
                new TableName(name.get(0), name.get(1)),
                name.size() == 2 ? 0 : Long.parseLong(name.get(2)),
                lines.stream().skip(1).map(DefinitionText::column).toList());
    }

    private static ColumnDefinition column(String line) {
        List<String> fields = fields(line);
        if (fields.size() < FIELDS) {
            throw new IllegalArgumentException("A definition in a change record has a column that is not whole");
        }
        return new ColumnDefinition(
                Integer.parseInt(fields.get(0)),
                fields.get(1),
                fields.get(2),
                fields.get(3).equals("key"),
                Earlier.valueOf(fields.get(4).toUpperCase(Locale.ROOT)),
                fields.get(5));
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        for (String field : line.split("\t", -1)) {
            fields.add(unescaped(field));
        }
        return fields;
    }

    private static String escaped(String field) {
        return field.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String unescaped(String field) {
        StringBuilder text = new StringBuilder(field.length());
        boolean isEscaped = false;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (isEscaped) {
                text.append(
                        switch (c) {
                            case 't' -> '\t';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            default -> c;
                        });
                isEscaped = false;
            } else if (c == '\\') {
                isEscaped = true;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
