package io.changeover.capture;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table of the matrix: the values of one type, as themselves, as a domain and in arrays, one row each.
 *
 * @param types statements that make the types it needs
 * @param columns names and types, besides {@code id} and {@code other}
 * @param rows expressions for the columns, separated by commas
 */
record ValueTable(TableName name, List<String> types, Map<String, String> columns, List<String> rows) {

    static final String OTHER = "other";

    private static final String VALUE = "Va\"l ue";
    private static final String DOMAIN = "dom'ain %s ?";
    private static final String ARRAY = "select";

    /** Domains over composites and arrays of domains exist from here on. */
    private static final int ALL_DERIVED = 11;

    /** All tables of a server. */
    static List<ValueTable> of(int major) {
        Map<String, List<ValueCase>> byType = ValueCase.of(major).stream()
                .collect(Collectors.groupingBy(
                        value -> value.type() + (value.plain() ? " [plain]" : ""),
                        LinkedHashMap::new,
                        Collectors.toList()));
        List<ValueTable> tables = new ArrayList<>();
        byType.values().forEach(cases -> tables.add(of(tables.size(), cases, major)));
        tables.add(everything(
                byType.values().stream().filter(cases -> !cases.get(0).plain()).toList()));
        return tables;
    }

    private static TableName name(int number, String type) {
        String name = "v" + number + " " + type;
        // Debezium does not quote a name that begins or ends with a double quote
        return new TableName("public", name.substring(0, Math.min(40, name.length())) + " t");
    }

    private static ValueTable of(int number, List<ValueCase> cases, int major) {
        String type = cases.get(0).type();
        TableName name = name(number, type);
        List<String> values = cases.stream()
                .map(value -> typed(value.expression(), type.replaceFirst(" default .*", "")))
                .toList();
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put(VALUE, type);
        if (cases.get(0).plain() || (type.startsWith("public.") && major < ALL_DERIVED)) {
            return new ValueTable(name, List.of(), columns, nullsAnd(1, values.stream()));
        }
        String domain = Identifier.quote("public", "d " + number);
        columns.put(DOMAIN, domain);
        columns.put(ARRAY, type + "[]");
        Stream<String> arrays = Stream.of(
                        "'{}'",
                        "array_fill(" + values.get(0) + ", array[2,2], array[-1,3])",
                        "array_fill(" + values.get(values.size() - 1) + ", array[1,2,2])",
                        "array_fill(null::" + type + ", array[2])")
                .map(array -> "null, null, " + typed(array, type + "[]"));
        Stream<String> rows = IntStream.range(0, values.size())
                .mapToObj(i -> values.get(i) + ", " + typed(values.get(i), domain) + ", "
                        + typed(
                                "array[" + values.get(i) + ", null, " + values.get((i + 1) % values.size()) + "]",
                                type + "[]"));
        return new ValueTable(
                name,
                List.of("create domain " + domain + " as " + type),
                columns,
                nullsAnd(3, Stream.concat(rows, arrays)));
    }

    /** A composite with a field of every type, in as many rows as it takes for every value to be in one. */
    private static ValueTable everything(List<List<ValueCase>> types) {
        String composite = "public.everything";
        String fields = IntStream.range(0, types.size())
                .mapToObj(i ->
                        Identifier.quote("f " + i) + " " + types.get(i).get(0).type())
                .collect(Collectors.joining(", "));
        int most = types.stream().mapToInt(List::size).max().orElseThrow();
        Stream<String> rows = IntStream.range(0, most)
                .mapToObj(row -> types.stream()
                        .map(cases -> cases.get(row % cases.size()))
                        .map(value -> typed(value.expression(), value.type()))
                        .collect(Collectors.joining(", ", "row(", ")::" + composite)))
                .map(value -> value + ", array[null, " + value + "]");
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put(VALUE, composite);
        columns.put(ARRAY, composite + "[]");
        return new ValueTable(
                new TableName("public", "everything in a row"),
                List.of("create type " + composite + " as (" + fields + ")"),
                columns,
                nullsAnd(2, rows));
    }

    private static String typed(String expression, String type) {
        return "(" + expression + ")::" + type;
    }

    private static List<String> nullsAnd(int columns, Stream<String> rows) {
        String nulls = String.join(", ", java.util.Collections.nCopies(columns, "null"));
        return Stream.concat(Stream.of(nulls), rows).toList();
    }

    String create() {
        return Stream.concat(
                        types.stream(),
                        Stream.of("create table " + name.quoted() + " (id int primary key, "
                                + columns.entrySet().stream()
                                        .map(column -> Identifier.quote(column.getKey()) + " " + column.getValue())
                                        .collect(Collectors.joining(", "))
                                + ", other int not null default 0)"))
                .collect(Collectors.joining("; "));
    }

    String insert() {
        return IntStream.range(0, rows.size())
                .mapToObj(i -> "(" + i + ", " + rows.get(i) + ")")
                .collect(Collectors.joining(
                        ", ", "insert into " + name.quoted() + " (id, " + quotedColumns() + ") values ", ""));
    }

    private TableName copy() {
        return new TableName("kept", name.name());
    }

    /** Every row is changed beside its values, emptied and restored, twice, and then deleted. */
    List<String> changes() {
        String update = "update " + name.quoted() + " t set ";
        String nulls = columns.keySet().stream()
                .map(column -> Identifier.quote(column) + " = null")
                .collect(Collectors.joining(", "));
        String restore = update
                + columns.keySet().stream()
                        .map(Identifier::quote)
                        .map(column -> column + " = k." + column)
                        .collect(Collectors.joining(", "))
                + " from " + copy().quoted() + " k where k.id = t.id";
        return List.of(
                "create table " + copy().quoted() + " as table " + name.quoted(),
                update + "other = 1",
                update + nulls,
                restore,
                "alter table " + name.quoted() + " replica identity full",
                update + "other = 2",
                update + nulls,
                restore,
                "delete from " + name.quoted());
    }

    private String quotedColumns() {
        return Identifier.quoteAll(List.copyOf(columns.keySet()));
    }
}
