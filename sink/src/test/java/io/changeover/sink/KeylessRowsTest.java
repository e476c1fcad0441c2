package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.delete;
import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What changes of rows that no key tells apart do to a real server. */
@Timeout(60)
class KeylessRowsTest {

    private TargetDatabase target;
    private final ChangeTopic topic = new ChangeTopic();

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void changesRowsOfSixteenHundredColumnsByAllOfThem() throws Exception {
        List<String> old = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < 1600; i++) {
            columns.add("c" + i + " int2");
            old.addAll(List.of("c" + i, "7"));
        }
        target.execute("create table public.t (" + String.join(", ", columns) + ")");
        String[] before = old.toArray(new String[0]);
        String[] after = before.clone();
        after[3199] = "8";
        topic.transaction(
                10, insert("t", before), insert("t", before), update("t", row(before), after), delete("t", before));

        apply();

        assertThat(target.query("select c0, c1599 from public.t")).containsExactly("7|8");
    }

    @Test
    void changesOneOfSeveralEqualRowsWithoutAKey() throws Exception {
        target.execute("create table public.t (j json, p point, x xml, c char(5), n numeric, t text)");
        String duplicate = "('{\"a\": 1,  \"a\":2}', '(1,2)', '<a/>', 'ab', '1.00', null)";
        target.execute("insert into public.t values " + duplicate + "," + duplicate + "," + duplicate);
        String[] old = {"j", "{\"a\": 1,  \"a\":2}", "p", "(1,2)", "x", "<a/>", "c", "ab   ", "n", "1.00", "t", null};
        String[] changed = {"j", "[]", "p", "(1,2)", "x", "<a/>", "c", "ab   ", "n", "1.00", "t", ""};
        topic.transaction(10, delete("t", old), update("t", row(old), changed));

        apply();

        assertThat(target.query("select j, c, t is null from public.t order by t nulls last"))
                .containsExactly("[]|ab   |f", "{\"a\": 1,  \"a\":2}|ab   |t");
    }

    @Test
    void tellsEmptyFromNullAndScalesApartWithoutAKey() throws Exception {
        target.execute("create table public.t (n numeric, t text)");
        target.execute("insert into public.t values (1.0, ''), (1.0, null), (1.00, ''), (null, null)");
        topic.transaction(10, delete("t", "n", "1.00", "t", ""), delete("t", "n", "1.0", "t", null));

        apply();

        assertThat(target.query("select n, t from public.t order by n")).containsExactly("1.0|", "null|null");
    }

    /** The collation says that they are equal; they are two rows nevertheless. */
    @Test
    void tellsTextsApartThatTheirCollationTakesForEqual() throws Exception {
        target.execute(
                "create collation public.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        target.execute("create table public.t (k text collate public.ci, v int)");
        target.execute("insert into public.t values ('a', 1), ('A', 1), ('b', 1), ('B', 1)");
        topic.transaction(
                10, delete("t", "k", "A", "v", "1"), update("t", row("k", "B", "v", "1"), "k", "B", "v", "2"));

        apply();

        assertThat(target.query("select * from public.t order by k collate \"C\""))
                .containsExactly("B|2", "a|1", "b|1");
    }

    @Test
    void changesOneOfSeveralEqualRowsThatHaveMoreColumnsHere() throws Exception {
        target.execute("create table public.t (a int, j json, more int default 5)");
        target.execute("insert into public.t select 1, '{}' from generate_series(1, 3)");
        topic.transaction(
                10, delete("t", "a", "1", "j", "{}"), update("t", row("a", "1", "j", "{}"), "a", "2", "j", "{}"));

        apply();

        assertThat(target.query("select a, more from public.t order by a")).containsExactly("1|5", "2|5");
    }

    @Test
    void changesRowsOfPartitionsWithoutAKey() throws Exception {
        target.execute("create table public.t (a int, b text) partition by list (a)");
        target.execute("create table public.t1 partition of public.t for values in (1)");
        target.execute("create table public.t2 partition of public.t for values in (2)");
        target.execute("insert into public.t values (1, 'x'), (2, 'x'), (2, 'x')");
        topic.transaction(
                10, delete("t", "a", "2", "b", "x"), update("t", row("a", "2", "b", "x"), "a", "1", "b", "y"));

        apply();

        assertThat(target.query("select a, b from public.t order by 1, 2")).containsExactly("1|x", "1|y");
    }

    @Test
    void leavesChildTablesAlone() throws Exception {
        target.execute("create table public.parent (id int, t text)");
        target.execute("create table public.child () inherits (public.parent)");
        target.execute("insert into public.parent values (1, 'p'); insert into public.child values (1, 'p')");
        topic.transaction(10, update("parent", row("id", "1", "t", "p"), "id", "1", "t", "q"))
                .transaction(20, ChangeTopic.truncate("parent"));

        apply();

        assertThat(target.query("select id, t from public.parent")).containsExactly("1|p");
    }

    @Test
    void tellsNumbersApartThatAreEqualAndFindsThoseThatAreNot() throws Exception {
        target.execute("create table public.t (f float8, n numeric)");
        target.execute("insert into public.t values ('0', 1.0), ('-0', 1.0), ('-0', 1.00), ('NaN', 'NaN'), (0, 'NaN')");
        topic.transaction(
                10,
                delete("t", "f", "-0", "n", "1.0"),
                delete("t", "f", "NaN", "n", "NaN"),
                update("t", row("f", "-0", "n", "1.00"), "f", "7", "n", "1.00"));

        apply();

        assertThat(target.query("select f, n from public.t order by f, n")).containsExactly("0|1.0", "0|NaN", "7|1.00");
    }

    @Test
    void findsRowsByAnIndexThatNamesNone() throws Exception {
        target.execute("create table public.t (a int, v varchar(9), j json)");
        target.execute("insert into public.t select n / 2, 'v', '{}' from generate_series(1, 20000) n");
        target.execute("create index on public.t (a)");
        target.execute("analyze public.t");
        target.execute("insert into public.t values (null, 'v', '{}')");
        topic.transaction(
                10,
                delete("t", "a", "7", "v", "v", "j", "{}"),
                update("t", row("a", null, "v", "v", "j", "{}"), "a", "70000", "v", "w", "j", "{}"));

        apply();

        assertThat(target.query("select count(*) from public.t where a = 7 or a = 70000 and v = 'w' or a is null"))
                .containsExactly("2");
        await().until(
                        () -> target.query("select idx_scan > 0 from pg_stat_user_tables where relname = 't'"),
                        List.of("t")::equals);
    }

    @Test
    void writesRowsOfATableWithoutColumns() throws Exception {
        target.execute("create table public.t ()");
        topic.transaction(10, insert("t"), insert("t"), update("t", row()), delete("t"));

        apply();

        assertThat(target.query("select count(*) from public.t")).containsExactly("1");
    }

    private void apply() {
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.all());
        }
    }
}
