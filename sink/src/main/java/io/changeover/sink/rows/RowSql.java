package io.changeover.sink.rows;

import io.changeover.postgres.Identifier;
import io.changeover.sink.target.TargetColumn;
import io.changeover.sink.target.TargetTable;
import io.changeover.sink.target.UniqueKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Statements that write rows of one table by one key: those for many rows take each column as an array of text, those
 * for one row take values that the server's input functions read.
 */
final class RowSql {

    private final TargetTable table;
    private final UniqueKey key;

    RowSql(TargetTable table, UniqueKey key) {
        this.table = table;
        this.key = key;
    }

    /** Parameters: the key's columns. */
    String deletes() {
        return "delete from " + table.quotedOnly() + " as t using "
                + unnest(key.parts().size()) + " where " + matchesUnnested();
    }

    /** Parameters: the key's columns, then these. */
    String updates(List<String> columns) {
        int keys = key.parts().size();
        String assignments = IntStream.range(0, columns.size())
                .mapToObj(i -> Identifier.quote(columns.get(i)) + " = " + cast(keys + i, columns.get(i)))
                .collect(Collectors.joining(", "));
        return "update " + table.quotedOnly() + " as t set " + assignments + " from " + unnest(keys + columns.size())
                + " where " + matchesUnnested();
    }

    /** Parameters: the columns. */
    String upserts(List<String> columns) {
        String values = IntStream.range(0, columns.size())
                .mapToObj(i -> cast(i, columns.get(i)))
                .collect(Collectors.joining(", "));
        return insertInto(columns) + "select " + values + " from " + unnest(columns.size()) + onConflict(columns);
    }

    /** Takes rows in COPY's text form. */
    String copy(List<String> columns) {
        return "copy " + table.name().quoted() + " (" + names(columns) + ") from stdin";
    }

    String delete() {
        return "delete from " + table.quotedOnly() + " as t where " + matches();
    }

    /** Parameters: these columns, then the key's. */
    String update(List<String> columns) {
        return "update " + table.quotedOnly() + " as t set " + assignments(columns) + " where " + matches();
    }

    String insert(List<String> columns) {
        return insertInto(columns)
                + columns.stream().map(column -> "?").collect(Collectors.joining(", ", "values (", ")"));
    }

    String upsert(List<String> columns) {
        return insert(columns) + onConflict(columns);
    }

    /** Parameters: the key before, then the key after. Where a row has the key already, the old one only goes. */
    String deleteIfMoved() {
        return "delete from " + table.quotedOnly() + " as t where " + matches() + " and exists (select from "
                + table.quotedOnly() + " as t where " + matches() + ")";
    }

    /** What an update may set: an identity column that is always generated takes a value in an insert only. */
    List<String> settable(List<String> columns) {
        return columns.stream()
                .filter(name -> !key.columns().contains(name))
                .filter(name -> !column(name).identityAlways())
                .toList();
    }

    /** Whether a row that is there cannot be made what it has to be, but for taking it out and putting it in again. */
    boolean mustReplace() {
        return table.columns().values().stream()
                .anyMatch(column -> column.identityAlways() && !key.columns().contains(column.name()));
    }

    /** Whether text can be cast to the types of these columns and of the key's. */
    boolean isCastable(List<String> columns) {
        return columns.stream().noneMatch(name -> column(name).castByFunction())
                && key.columns().stream().noneMatch(name -> column(name).castByFunction());
    }

    private String insertInto(List<String> columns) {
        return "insert into " + table.name().quoted() + " (" + names(columns) + ") overriding system value ";
    }

    private String onConflict(List<String> columns) {
        String assignments = settable(columns).stream()
                .map(name -> Identifier.quote(name) + " = excluded." + Identifier.quote(name))
                .collect(Collectors.joining(", "));
        return " on conflict (" + names(key.columns()) + ") do "
                + (assignments.isEmpty() ? "nothing" : "update set " + assignments);
    }

    private String matchesUnnested() {
        return IntStream.range(0, key.parts().size())
                .mapToObj(i -> {
                    UniqueKey.Part part = key.parts().get(i);
                    return "t." + Identifier.quote(part.column()) + " " + part.equality() + " "
                            + cast(i, part.column());
                })
                .collect(Collectors.joining(" and "));
    }

    private String matches() {
        return key.parts().stream()
                .map(part -> "t." + Identifier.quote(part.column()) + " " + part.equality() + " ?::"
                        + column(part.column()).baseType())
                .collect(Collectors.joining(" and "));
    }

    private static String assignments(List<String> columns) {
        return columns.stream().map(name -> Identifier.quote(name) + " = ?").collect(Collectors.joining(", "));
    }

    private static String unnest(int columns) {
        List<String> parameters = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            parameters.add("?::text[]");
            names.add("c" + i);
        }
        return "unnest(" + String.join(", ", parameters) + ") as u (" + String.join(", ", names) + ")";
    }

    private String cast(int place, String column) {
        return "u.c" + place + "::" + column(column).baseType();
    }

    private static String names(List<String> columns) {
        return columns.stream().map(Identifier::quote).collect(Collectors.joining(", "));
    }

    private TargetColumn column(String name) {
        return table.column(name).orElseThrow();
    }
}
