package io.changeover.sink.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.sink.failure.FailedChangeException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Random transactions and alterations of a source, which an operator repeats on the target when the stream stands, with
 * restarts of capture and sink. In the end both are equal, or the stream stands and says why.
 */
final class AlteredHistory {

    /** Any of these names the reason and a way out. */
    private static final String REASON = "(?s).*CO-206[0-2].*";

    private static final String TABLES = """
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c
              join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 's') order by 1""";

    private static final String COLUMNS = """
            select quote_ident(attname) || ' ' || format_type(atttypid, null) from pg_attribute
             where attrelid = '%s'::regclass and attnum > 0 and not attisdropped and attname <> 'id' order by 1""";

    private final AlteredSource pair;
    private final Random random;
    private final List<String> log = new ArrayList<>();

    /** What the operator has not done yet, in the order of the source. */
    private final Deque<String> open = new ArrayDeque<>();

    private int names;
    private boolean stands;

    AlteredHistory(HistoryServers servers, int seed) throws Exception {
        random = new Random(seed);
        log.add("seed " + seed);
        pair = new AlteredSource(
                servers,
                "create schema s; create table d1 (id int primary key, a text, b text, n int);"
                        + " create table d2 (id int primary key, a text, b text, n int);"
                        + " create table parted (id int primary key, a text, n int) partition by range (id);"
                        + " create table part_0 partition of parted for values from (0) to (50);"
                        + " create table part_1 partition of parted for values from (50) to (100)");
        // what a load would have noted: of which definition the rows are
        pair.onSource("insert into d1 values (0)", "insert into d2 values (0)", "insert into parted values (0), (50)");
        pair.apply();
    }

    /** Whether the stream went on to the end, which it may not. */
    boolean run() throws Exception {
        try {
            for (int step = 0; step < 30 && !stands; step++) {
                step();
            }
            for (String table : pair.source(TABLES)) { // the control plane looks at tables of which no row changes
                pair.onSource("update " + table + " set id = id");
            }
            apply();
            while (!stands && !open.isEmpty()) { // what needed nothing is done at last
                repeat();
                apply();
            }
            apply();
            if (!stands) {
                assertEqual();
            }
            return !stands;
        } catch (SQLException | AssertionError e) {
            throw new AssertionError(String.join("\n", log), e);
        } finally {
            pair.close();
        }
    }

    private void step() throws Exception {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> alter();
            case 3 -> {
                log.add("-- the capture begins anew");
                pair.restartCapture();
            }
            case 4 -> {
                log.add("-- the sink begins anew");
                pair.restartSink();
            }
            case 5 -> apply();
            default -> {
                for (int i = random.nextInt(6); i >= 0; i--) {
                    change();
                }
            }
        }
    }

    /** Anything to any row; a value that a constraint refuses is left out by the source itself. */
    private void change() throws SQLException, InterruptedException {
        List<String> tables = pair.source(TABLES);
        String table = tables.get(random.nextInt(tables.size()));
        List<String> columns = pair.source(COLUMNS.formatted(table));
        int id = random.nextInt(100);
        String sql = switch (random.nextInt(5)) {
            case 0 -> "delete from " + table + " where id = " + id;
            case 1, 2 -> insert(table, columns, id);
            default -> update(table, columns, id);
        };
        log.add(sql);
        pair.onSource("do $do$ begin " + sql + "; exception when others then null; end $do$");
    }

    private String insert(String table, List<String> columns, int id) {
        StringBuilder names = new StringBuilder("id");
        StringBuilder values = new StringBuilder(String.valueOf(id));
        for (String column : columns) {
            names.append(", ").append(name(column));
            values.append(", ").append(value(column));
        }
        return "insert into " + table + " (" + names + ") values (" + values + ")";
    }

    private String update(String table, List<String> columns, int id) {
        String column = columns.isEmpty() ? "" : columns.get(random.nextInt(columns.size()));
        String set = column.isEmpty() ? "id = id" : name(column) + " = " + value(column);
        return "update " + table + " set " + set + " where id between " + id + " and " + (id + random.nextInt(20));
    }

    private static String name(String column) {
        return column.substring(0, column.lastIndexOf(' ')).split(" ", -1)[0];
    }

    /** Of a type that takes digits. */
    private String value(String column) {
        return column.endsWith("zone") ? "'2026-01-01'" : "'" + random.nextInt(1000) + "'";
    }

    private void alter() throws Exception {
        List<String> tables = pair.source(TABLES);
        String table = tables.get(random.nextInt(tables.size()));
        Optional<String> statement = statement(table, pair.source(COLUMNS.formatted(table)), tables);
        if (statement.isEmpty()) {
            return;
        }
        try {
            pair.onSource(statement.get());
        } catch (SQLException refused) {
            return; // the source's own rules, such as a column of a type that others refer to
        }
        log.add(statement.get());
        if (statement.get().startsWith("create table")) {
            firstRow(statement.get());
        }
        if (isInStream(statement.get())) {
            return;
        }
        open.add(statement.get());
        if (random.nextInt(5) == 0 && open.size() == 1) {
            apply(); // all that is before it
            if (!stands && !open.isEmpty()) {
                repeat();
            }
        }
    }

    /** A new table is told with its first definition. */
    private void firstRow(String statement) throws SQLException, InterruptedException {
        String into = statement.contains(" partition of ")
                ? statement.replaceFirst(
                        "(?s).* partition of (\\S+) .*from \\((\\d+)\\).*", "insert into $1 (id) values ($2)")
                : statement.replaceFirst("(?s)create table (\\S+) .*", "insert into $1 (id) values (0)");
        log.add(into);
        pair.onSource("do $do$ begin " + into + "; exception when others then null; end $do$");
    }

    private static boolean isInStream(String statement) {
        return statement.startsWith("truncate");
    }

    private Optional<String> statement(String table, List<String> typed, List<String> tables) {
        List<String> columns = typed.stream().map(AlteredHistory::name).toList();
        String alter = "alter table " + table + " ";
        String fresh = "c" + ++names;
        if (columns.size() < 2) {
            return Optional.of(alter + "add " + fresh + " text");
        }
        String one = columns.get(random.nextInt(columns.size()));
        String other = columns.get(random.nextInt(columns.size()));
        String bare = table.substring(table.indexOf('.') + 1);
        return Optional.of(
                switch (random.nextInt(22)) {
                    case 0 -> alter + "add " + fresh + " text";
                    case 1 -> alter + "add " + fresh + " int not null default " + random.nextInt(9);
                    case 2 -> alter + "add " + fresh + " int[] default '{1,2}'";
                    case 3 ->
                        random.nextInt(4) == 0
                                ? alter + "add " + fresh + " text default clock_timestamp()::text"
                                : alter + "add " + fresh + " bigint";
                    case 4, 5 -> alter + "drop " + one;
                    case 6, 7 -> alter + "rename " + one + " to " + fresh;
                    case 8, 9 ->
                        one.equals(other)
                                ? alter + "rename " + one + " to " + fresh
                                : alter + "rename " + one + " to swap; " + alter + "rename " + other + " to " + one
                                        + "; " + alter + "rename swap to " + other;
                    case 10 -> alter + "rename " + one + " to " + fresh + "; " + alter + "add " + one + " text";
                    case 11 -> alter + "drop " + one + "; " + alter + "add " + one + " text";
                    case 12 -> // a USING that changes values but in the end not the type is not seen
                        typed.contains(one + " integer") || typed.contains(one + " bigint")
                                ? alter + "alter " + one + " type text using " + one + "::text || 'x'"
                                : alter + "alter " + one + " type varchar(40)";
                    case 13 -> alter + "alter " + one + " type varchar(50)";
                    case 14 -> alter + "alter " + one + (random.nextBoolean() ? " set" : " drop") + " not null";
                    case 15 -> alter + "alter " + one + " set default '7'";
                    case 16 -> alter + "rename to " + fresh;
                    case 17 -> swapped(table, tables);
                    case 18 -> table.startsWith("public.") ? alter + "set schema s" : alter + "set schema public";
                    case 19 ->
                        random.nextBoolean()
                                ? "create table " + fresh + " (id int primary key, a text, b text)"
                                : bare.startsWith("d") ? "drop table " + table : "truncate " + table;
                    case 20 -> "truncate " + table;
                    default ->
                        bare.equals("parted")
                                ? "create table " + fresh + " partition of " + table + " for values from ("
                                        + names * 100 + ") to (" + (names * 100 + 50) + ")"
                                : alter + "add " + fresh + " text";
                });
    }

    /** Two tables that may well be defined alike. */
    private String swapped(String table, List<String> tables) {
        String other = tables.get(random.nextInt(tables.size()));
        String schema = table.substring(0, table.indexOf('.') + 1);
        if (other.equals(table) || !other.startsWith(schema)) {
            return "truncate " + table;
        }
        String one = table.substring(schema.length());
        String two = other.substring(schema.length());
        return "alter table " + table + " rename to swap; alter table " + other + " rename to " + one + "; alter table "
                + schema + "swap rename to " + two;
    }

    /** Applies what there is; where the stream stands, the operator repeats what was done, one after the other. */
    private void apply() throws Exception {
        while (!stands) {
            try {
                pair.apply();
                pair.apply();
                return;
            } catch (FailedChangeException e) {
                String why = String.valueOf(e.getMessage());
                log.add("-- stands: " + why);
                assertThat(why).matches(REASON);
                if (open.isEmpty()) {
                    stands = true;
                } else {
                    repeat();
                }
            }
        }
    }

    private void repeat() {
        String statement = open.remove();
        log.add("-- on the target: " + statement);
        try {
            pair.onTarget(statement);
        } catch (SQLException refused) {
            log.add("-- which refuses: " + refused.getMessage());
            stands = true;
        }
    }

    private void assertEqual() throws SQLException {
        List<String> tables = pair.source(TABLES);
        assertThat(pair.target(TABLES)).isEqualTo(tables);
        for (String table : tables) {
            String rows = "select to_jsonb(t)::text from " + table + " t order by 1";
            assertThat(pair.target(rows)).as(table).isEqualTo(pair.source(rows));
        }
    }
}
