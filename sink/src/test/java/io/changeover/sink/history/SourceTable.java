package io.changeover.sink.history;

import io.changeover.postgres.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table that a history changes. Its statements may fail, as those of an application do.
 *
 * @param name quoted
 */
record SourceTable(String name, List<Column> columns) {

    /** Rows of a statement that changes few. */
    private static final int FEW = 6;

    SourceTable {
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param identity {@code a} for ALWAYS, {@code d} for BY DEFAULT, empty for none
     */
    record Column(String name, String type, boolean nullable, boolean generated, String identity) {
        private boolean isNumber() {
            return type.equals("integer");
        }

        private String quoted() {
            return Identifier.quote(name);
        }
    }

    /** A statement that changes some rows, or none, or fails. */
    String anyChange(Random random) {
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> insert(random, 1 + random.nextInt(FEW));
            case 4, 5 -> insert(random, 30 + random.nextInt(60));
            case 6, 7, 8, 9, 10 -> update(random, 1 + random.nextInt(FEW));
            case 11, 12 -> update(random, 200);
            case 13 -> shift(random);
            case 14 -> swap(random);
            case 15 -> reinsert(random);
            case 16 ->
                "update " + name + " set " + assignable().get(0).quoted() + " = "
                        + assignable().get(0).quoted();
            case 17, 18 -> "delete from " + name + some(random, random.nextInt(4) == 0 ? 60 : FEW);
            default -> random.nextInt(6) == 0 ? "truncate " + name + " cascade" : insert(random, 20);
        };
    }

    private String insert(Random random, int rows) {
        List<Column> given = insertable(random);
        String values = IntStream.range(0, rows)
                .mapToObj(row ->
                        given.stream().map(column -> value(column, random)).collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(", "));
        String names = given.stream().map(Column::quoted).collect(Collectors.joining(", "));
        return "insert into " + name + " (" + names + ") overriding system value values " + values
                + (random.nextInt(8) == 0 ? "" : " on conflict do nothing");
    }

    private String update(Random random, int rows) {
        List<Column> columns = assignable();
        List<String> assignments = new ArrayList<>();
        for (Column column : columns) {
            if (random.nextInt(columns.size()) < 2) {
                assignments.add(
                        column.quoted() + " = " + (column.identity().equals("a") ? "default" : value(column, random)));
            }
        }
        return assignments.isEmpty()
                ? insert(random, 1)
                : "update " + name + " set " + String.join(", ", assignments) + some(random, rows);
    }

    /** Of a number, often a key: to values that are free, or not yet. */
    private String shift(Random random) {
        List<Column> numbers = assignable().stream()
                .filter(column -> column.isNumber() && !column.identity().equals("a"))
                .toList();
        if (numbers.isEmpty()) {
            return update(random, 3);
        }
        String column = numbers.get(random.nextInt(numbers.size())).quoted();
        int by = List.of(1, -1, 7, 100, -100).get(random.nextInt(5));
        return "update " + name + " set " + column + " = " + column + " + " + by
                + (random.nextInt(3) == 0 ? "" : some(random, 30));
    }

    /** Two rows change places through a value that nobody has, in one statement each: a chain. */
    private String swap(Random random) {
        List<Column> given = assignable().stream()
                .filter(column -> column.isNumber() && !column.identity().equals("a"))
                .toList();
        if (given.isEmpty()) {
            return update(random, 3);
        }
        String column = given.get(random.nextInt(given.size())).quoted();
        int a = random.nextInt(30);
        return IntStream.range(0, 1 + random.nextInt(15))
                .mapToObj(i ->
                        "update %s set %s = -1 where %s = %d; update %s set %s = %d where %s = %d; update %s set %s = %d where %s = -1"
                                .formatted(
                                        name, column, column, a + i, name, column, a + i, column, a + i + 1, name,
                                        column, a + i + 1, column))
                .collect(Collectors.joining("; "));
    }

    /** Rows go and come again, with the same key. */
    private String reinsert(Random random) {
        String names = columns.stream()
                .filter(column -> !column.generated())
                .map(Column::quoted)
                .collect(Collectors.joining(", "));
        return "with gone as (delete from " + name + some(random, 30) + " returning *) select * into temporary gone_"
                + "rows from gone; insert into " + name + " (" + names + ") overriding system value select " + names
                + " from gone_rows; drop table gone_rows";
    }

    /** The same rows in the same history, whatever the time. */
    private String some(Random random, int rows) {
        return " where (tableoid, ctid) in (select tableoid, ctid from " + name + " order by hashtext(ctid::text || '"
                + random.nextInt(1000) + "'), tableoid limit " + rows + ")";
    }

    private String value(Column column, Random random) {
        if (column.nullable() && random.nextInt(7) == 0) {
            return "null";
        }
        return Literals.any(column.type(), random);
    }

    private List<Column> insertable(Random random) {
        List<Column> given = columns.stream()
                .filter(column -> !column.generated() && (column.identity().isEmpty() || random.nextInt(3) > 0))
                .toList();
        return given.isEmpty() ? columns : given;
    }

    private List<Column> assignable() {
        return columns.stream().filter(column -> !column.generated()).toList();
    }
}
