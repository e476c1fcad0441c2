package io.changeover.sink.apply;

import io.changeover.postgres.Identifier;
import io.changeover.sink.target.TargetColumn;
import io.changeover.sink.target.TargetTable;
import io.changeover.sink.target.UniqueKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Statements that write many rows of one table. Their texts depend on columns only, never on the number of rows; every
 * parameter is a column, as an array of text whose elements are cast one by one, because unnest flattens arrays of
 * arrays. Thread-safe.
 */
final class SetStatements {

    private final TargetTable table;
    private final UniqueKey key;
    private final Map<List<String>, String> updates = new ConcurrentHashMap<>();

    SetStatements(TargetTable table, UniqueKey key) {
        this.table = table;
        this.key = key;
    }

    /** Parameters: the key's columns. */
    String delete() {
        return "delete from " + table.quotedOnly() + " as t using "
                + rows(key.parts().size()) + " where " + match();
    }

    /** Parameters: the key's columns, then these. */
    String update(List<String> columns) {
        return updates.computeIfAbsent(columns, this::buildUpdate);
    }

    private String buildUpdate(List<String> columns) {
        int keys = key.parts().size();
        String assignments = IntStream.range(0, columns.size())
                .mapToObj(i -> {
                    TargetColumn column = column(columns.get(i));
                    return column.quoted() + " = " + value(keys + i, column);
                })
                .collect(Collectors.joining(", "));
        return "update " + table.quotedOnly() + " as t set " + assignments + " from " + rows(keys + columns.size())
                + " where " + match();
    }

    /** Takes rows in COPY's text form. */
    String copy(List<String> columns) {
        String names = columns.stream().map(Identifier::quote).collect(Collectors.joining(", "));
        return "copy " + table.name().quoted() + " (" + names + ") from stdin";
    }

    /** In the select list, unnest hands out row by row; as a table, the server would first store all rows. */
    private static String rows(int columns) {
        return IntStream.range(0, columns)
                .mapToObj(i -> "unnest(?::text[]) as c" + i)
                .collect(Collectors.joining(", ", "(select ", ") as u"));
    }

    private String match() {
        return IntStream.range(0, key.parts().size())
                .mapToObj(i -> {
                    UniqueKey.Part part = key.parts().get(i);
                    return "t." + Identifier.quote(part.column()) + " " + part.equality() + " "
                            + value(i, column(part.column()));
                })
                .collect(Collectors.joining(" and "));
    }

    private static String value(int place, TargetColumn column) {
        return "u.c" + place + "::" + column.baseType();
    }

    private TargetColumn column(String name) {
        return table.column(name).orElseThrow(() -> new UnknownColumnException(table.name(), name));
    }
}
