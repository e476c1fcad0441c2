package io.changeover.sink.apply;

import io.changeover.postgres.Identifier;
import io.changeover.sink.target.TargetColumn;
import io.changeover.sink.target.TargetTable;
import io.changeover.sink.target.UniqueKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a statement finds the row to change, which it calls {@code t}.
 *
 * @param condition SQL
 * @param parameters its parameters, values of the old row
 */
record RowMatch(String condition, List<Parameter> parameters) {

    /**
     * The planner compares each condition with each other one: 1,600 of them take it seconds. Above this number columns
     * are compared several at once.
     */
    private static final int MOST_CONDITIONS = 64;

    /** More values of a row than these seldom narrow the search down any further. */
    private static final int MOST_NARROWING = 16;

    /**
     * Types, as {@code format_type} names them, of which values with the same text are equal to their {@code =}, and to
     * themselves: it is many times quicker than the comparison of texts, and an index may know it.
     */
    private static final Set<String> EQUAL_IF_THEIR_TEXTS_ARE = Set.of(
            "bigint",
            "boolean",
            "bpchar",
            "bytea",
            "character varying",
            "cidr",
            "date",
            "double precision",
            "inet",
            "integer",
            "interval",
            "macaddr",
            "numeric",
            "oid",
            "pg_lsn",
            "real",
            "smallint",
            "text",
            "time without time zone",
            "timestamp with time zone",
            "timestamp without time zone",
            "uuid");

    RowMatch {
        parameters = List.copyOf(parameters);
    }

    /**
     * By the best key that was sent, or by all that was sent if no key was. A key that is deferrable may name two rows
     * in the middle of a transaction that swaps or shifts its values; then only the rest of the row tells them apart.
     */
    static RowMatch of(TargetTable table, List<String> sent) {
        Optional<UniqueKey> key = table.keyWithin(sent);
        return key.filter(each ->
                        each.isImmediate() || sent.size() == each.parts().size())
                .map(each -> byKey(table, each, sent))
                .orElseGet(() -> byText(table, key, sent));
    }

    private static RowMatch byKey(TargetTable table, UniqueKey key, List<String> sent) {
        String condition = key.parts().stream()
                .map(part -> "t." + Identifier.quote(part.column()) + " " + part.equality() + " ?::"
                        + column(table, part.column()).baseType())
                .collect(Collectors.joining(" and "));
        return new RowMatch(
                condition,
                key.parts().stream()
                        .map(part -> Parameter.of(column(table, part.column()), sent.indexOf(part.column())))
                        .toList());
    }

    /**
     * Compares what the columns' output functions say, because json, xml and point have no {@code =}, and because 1.0
     * is not 1.00. {@code concat} calls the output function where {@code ::text} would trim char(n) or call a cast; a
     * NULL is told from '' by {@code num_nulls}, which unlike {@code is null} is right for composite types. Texts are
     * compared byte by byte: the collation of a column may take them for equal. Before that, {@code =} leaves few rows
     * over, or lets an index find them.
     *
     * <p>Rows that match are the same row many times on the source, whatever the target's table has besides, and any
     * one is the right one.
     *
     * @param key if there is one, it narrows the search down to where its index points
     */
    private static RowMatch byText(TargetTable table, Optional<UniqueKey> key, List<String> sent) {
        List<Parameter> parameters = new ArrayList<>();
        List<String> values = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> narrowing = new ArrayList<>();
        for (int slot = 0; slot < sent.size(); slot++) {
            TargetColumn column = column(table, sent.get(slot));
            if (!column.generated()) {
                String name = column.quoted();
                parameters.add(Parameter.of(column, slot));
                values.add("?::" + column.type() + " as " + name);
                names.add(name);
                if (narrowing.size() < MOST_NARROWING && EQUAL_IF_THEIR_TEXTS_ARE.contains(column.baseType())) {
                    narrowing.add("(c." + name + " operator(pg_catalog.=) old." + name + " or c." + name
                            + " is null and old." + name + " is null)");
                }
            }
        }
        List<String> equalities = new ArrayList<>(narrowing);
        key.ifPresent(each -> each.parts().forEach(part -> {
            String name = Identifier.quote(part.column());
            equalities.add("c." + name + " " + part.equality() + " old." + name);
        }));
        int together = 1 + names.size() / MOST_CONDITIONS;
        for (int first = 0; first < names.size(); first += together) {
            List<String> some = names.subList(first, Math.min(first + together, names.size()));
            equalities.add(nulls("c", some) + " = " + nulls("old", some));
            equalities.add(texts("c", some) + " = " + texts("old", some));
        }
        String matches = " from " + table.quotedOnly() + " as c, (select " + String.join(", ", values) + ") as old"
                + (equalities.isEmpty() ? "" : " where " + String.join(" and ", equalities))
                + " limit 1";
        return new RowMatch(byPlace(table, matches), parameters);
    }

    private static String nulls(String row, List<String> columns) {
        return all(columns.stream().map(column -> "num_nulls(" + row + "." + column + ")"));
    }

    private static String texts(String row, List<String> columns) {
        return all(columns.stream().map(column -> "concat(" + row + "." + column + ") collate pg_catalog.\"C\""));
    }

    private static String all(Stream<String> values) {
        return values.collect(Collectors.joining(", ", "array[", "]"));
    }

    /** A place is unique in a table, but not among the partitions of one; the shorter form is the faster plan. */
    private static String byPlace(TargetTable table, String matches) {
        return table.partitioned()
                ? "(t.tableoid, t.ctid) in (select c.tableoid, c.ctid" + matches + ")"
                : "t.ctid = any (array(select c.ctid" + matches + "))";
    }

    private static TargetColumn column(TargetTable table, String name) {
        return table.column(name).orElseThrow(() -> new UnknownColumnException(table.name(), name));
    }
}
