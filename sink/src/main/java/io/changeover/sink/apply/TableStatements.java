package io.changeover.sink.apply;

import io.changeover.contract.Tuple;
import io.changeover.sink.target.TargetColumn;
import io.changeover.sink.target.TargetTable;
import io.changeover.sink.target.UniqueKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The statements of one table, one for each set of columns that was sent. Not thread-safe, but for {@link #table()} and
 * {@link #sets}.
 *
 * <p>Generated columns take no value. An identity column that is ALWAYS generated takes one in an insert, and cannot be
 * set by an update: where the old row does not prove that it stays as it is, the row is replaced.
 */
final class TableStatements {

    private record Shape(Operation operation, List<String> before, List<String> after) {}

    private final TargetTable table;
    private final List<TargetColumn> identities;
    private final Map<Shape, Optional<RowStatement>> statements = new HashMap<>();
    private final Map<UniqueKey, SetStatements> sets = new ConcurrentHashMap<>();

    TableStatements(TargetTable table) {
        this.table = table;
        this.identities = table.columns().values().stream()
                .filter(TargetColumn::identityAlways)
                .toList();
    }

    TargetTable table() {
        return table;
    }

    /** For sets of rows that a key tells apart. */
    SetStatements sets(UniqueKey key) {
        return sets.computeIfAbsent(key, each -> new SetStatements(table, each));
    }

    RowStatement insert(Tuple after) {
        return statement(Operation.INSERT, List.of(), after.names(), () -> buildInsert(after.names()))
                .orElseThrow();
    }

    /** Empty if the target's table has no column that an update could set. */
    Optional<RowStatement> update(Tuple before, Tuple after) {
        return identities.stream().allMatch(identity -> isUnchanged(identity.name(), before, after))
                ? statement(
                        Operation.UPDATE,
                        before.names(),
                        after.names(),
                        () -> buildUpdate(before.names(), after.names()))
                : statement(
                        Operation.REPLACE,
                        before.names(),
                        after.names(),
                        () -> Optional.of(buildReplace(before.names(), after.names())));
    }

    RowStatement delete(Tuple before) {
        return statement(Operation.DELETE, before.names(), List.of(), () -> buildDelete(before.names()))
                .orElseThrow();
    }

    private Optional<RowStatement> statement(
            Operation operation, List<String> before, List<String> after, Supplier<Optional<RowStatement>> build) {
        Shape shape = new Shape(operation, before, after);
        Optional<RowStatement> known = statements.get(shape);
        if (known != null) {
            return known;
        }
        Optional<RowStatement> built = build.get();
        statements.put(shape, built);
        return built;
    }

    private static boolean isUnchanged(String column, Tuple before, Tuple after) {
        int now = after.indexOf(column);
        if (now < 0) {
            return true;
        }
        int then = before.indexOf(column);
        return then >= 0 && java.util.Objects.equals(before.value(then), after.value(now));
    }

    private Optional<RowStatement> buildInsert(List<String> after) {
        List<TargetColumn> columns = writable(after);
        String sql = columns.isEmpty()
                ? "insert into " + table.name().quoted() + " default values"
                : "insert into " + table.name().quoted() + " (" + names(columns) + ") overriding system value values ("
                        + columns.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")";
        return Optional.of(
                new RowStatement(table.name(), Operation.INSERT, sql, parameters(columns, after), List.of()));
    }

    private Optional<RowStatement> buildUpdate(List<String> before, List<String> after) {
        RowMatch match = RowMatch.of(table, before);
        List<TargetColumn> columns = writable(after).stream()
                .filter(column -> !column.identityAlways())
                .toList();
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        String assignments =
                columns.stream().map(column -> column.quoted() + " = ?").collect(Collectors.joining(", "));
        String sql = "update " + table.quotedOnly() + " as t set " + assignments + " where " + match.condition();
        return Optional.of(
                new RowStatement(table.name(), Operation.UPDATE, sql, parameters(columns, after), match.parameters()));
    }

    /** Columns that were not sent keep the old row's value. */
    private RowStatement buildReplace(List<String> before, List<String> after) {
        RowMatch match = RowMatch.of(table, before);
        List<TargetColumn> sent = writable(after);
        List<TargetColumn> kept = table.columns().values().stream()
                .filter(column -> !column.generated() && !after.contains(column.name()))
                .toList();
        String values = sent.stream()
                .map(column -> "?::" + column.baseType() + " as " + column.quoted())
                .collect(Collectors.joining(", "));
        String sql = "with new as (select " + values + "), old as (delete from " + table.quotedOnly()
                + " as t where " + match.condition() + " returning t.*) insert into "
                + table.name().quoted() + " (" + names(both(sent, kept)) + ") overriding system value select "
                + both(qualified("new", sent), qualified("old", kept)) + " from new, old";
        return new RowStatement(table.name(), Operation.REPLACE, sql, parameters(sent, after), match.parameters());
    }

    private Optional<RowStatement> buildDelete(List<String> before) {
        RowMatch match = RowMatch.of(table, before);
        String sql = "delete from " + table.quotedOnly() + " as t where " + match.condition();
        return Optional.of(new RowStatement(table.name(), Operation.DELETE, sql, List.of(), match.parameters()));
    }

    private List<TargetColumn> writable(List<String> sent) {
        return sent.stream()
                .map(name -> table.column(name).orElseThrow(() -> new UnknownColumnException(table.name(), name)))
                .filter(column -> !column.generated())
                .toList();
    }

    private static List<Parameter> parameters(List<TargetColumn> columns, List<String> sent) {
        return columns.stream()
                .map(column -> Parameter.of(column, sent.indexOf(column.name())))
                .toList();
    }

    private static List<TargetColumn> both(List<TargetColumn> first, List<TargetColumn> then) {
        return java.util.stream.Stream.concat(first.stream(), then.stream()).toList();
    }

    private static String both(String first, String then) {
        return first.isEmpty() || then.isEmpty() ? first + then : first + ", " + then;
    }

    private static String qualified(String alias, List<TargetColumn> columns) {
        return columns.stream().map(column -> alias + "." + column.quoted()).collect(Collectors.joining(", "));
    }

    private static String names(List<TargetColumn> columns) {
        return columns.stream().map(TargetColumn::quoted).collect(Collectors.joining(", "));
    }
}
