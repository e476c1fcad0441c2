package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.delete;
import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What row changes do to a real server. */
@Timeout(60)
class ApplyRowsTest {

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
    void insertsUpdatesAndDeletesByKey() throws Exception {
        target.execute("create table public.t (id bigint primary key, name text)");
        topic.transaction(10, insert("t", "id", "1", "name", "a"), insert("t", "id", "2", "name", null))
                .transaction(20, update("t", row("id", "1"), "id", "1", "name", ""), delete("t", "id", "2"));

        apply();

        assertThat(target.query("select id, name from public.t")).containsExactly("1|");
        assertThat(target.query("select stream, inserts, updates, deletes, truncates from changeover.counters"))
                .containsExactly("stream|2|1|1|0");
        assertThat(target.query("select topic_offset, commit_lsn, transactions, groups from changeover.streams"))
                .containsExactly(topic.end() + "|0/14|2|1");
    }

    @Test
    void changesAKeyAndKeepsWhatWasNotSent() throws Exception {
        target.execute("create table public.t (a int, b text, big text, primary key (b, a))");
        target.execute("insert into public.t values (1, 'x', repeat('toast', 1000)), (2, 'x', 'other')");
        topic.transaction(10, update("t", row("a", "1", "b", "x"), "a", "7", "b", "y"));

        apply();

        assertThat(target.query("select a, b, length(big) from public.t order by 1"))
                .containsExactly("2|x|5", "7|y|5000");
    }

    /** Those that come in pieces go as bytes, next to rows of the same statement whose values go as text. */
    @Test
    void writesLongBytea() throws Exception {
        target.execute("create domain public.raw as bytea");
        target.execute("create table public.t (id int primary key, a bytea, b public.raw)");
        target.execute("create table public.keyless (a bytea)");
        String all = "000102030405060708090a0b0c0d0e0ff0A0fF7e5c275c".repeat(100_000);
        String zeros = "\\x" + "00".repeat(1_500_001);
        List<ChangeEvent> changes = new ArrayList<>();
        changes.add(insert("t", "id", "1", "a", "\\x01", "b", "\\x"));
        changes.addAll(pieces(true, "a", "\\x" + all));
        changes.addAll(pieces(true, "b", zeros));
        changes.add(insert("t", "id", "2"));
        changes.add(insert("t", "id", "3", "a", null, "b", null));
        changes.addAll(pieces(true, "a", "a\\\\\\001".repeat(1 << 18)));
        changes.add(insert("t", "id", "4", "b", "\\x02"));
        for (int i = 0; i < 2; i++) {
            changes.addAll(pieces(true, "a", zeros));
            changes.add(insert("keyless"));
        }
        changes.addAll(pieces(false, "a", zeros));
        changes.add(delete("keyless"));
        changes.addAll(pieces(true, "a", zeros));
        changes.add(update("t", row("id", "1")));
        topic.transaction(10, changes.toArray(ChangeEvent[]::new));

        apply();

        assertThat(target.query("select id, length(a), md5(a), length(b) from public.t order by id"))
                .isEqualTo(target.query("select 1, 1500001, md5(decode(repeat('00', 1500001), 'hex')), 0 union all"
                        + " select 2, 2300000, md5(decode(repeat('" + all.substring(0, 46)
                        + "', 100000), 'hex')), 1500001 union all select 3, null, null, null union all"
                        + " select 4, 786432, md5(decode(repeat('615c01', 262144), 'hex')), 1"));
        assertThat(target.query("select length(a) from public.keyless")).containsExactly("1500001");
    }

    private static List<ChangeEvent> pieces(boolean after, String column, String text) {
        int size = 99_999;
        List<ChangeEvent> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); from += size) {
            String part = text.substring(from, Math.min(text.length(), from + size));
            pieces.add(new ChangeEvent.Piece(after, column, pieces.size(), text.length(), part));
        }
        return pieces;
    }

    @Test
    void shiftsAndSwapsUniqueValuesThatAreDeferrable() throws Exception {
        target.execute("create table public.t (id int primary key, place int unique deferrable)");
        target.execute("insert into public.t values (1, 1), (2, 2)");
        topic.transaction(
                10,
                update("t", row("id", "1"), "id", "1", "place", "2"),
                update("t", row("id", "2"), "id", "2", "place", "1"));

        apply();

        assertThat(target.query("select * from public.t order by id")).containsExactly("1|2", "2|1");
    }

    /** Until the transaction ends, two rows have the same key. */
    @Test
    void shiftsADeferrableKey() throws Exception {
        target.execute("create table public.t (id int primary key deferrable, v text)");
        target.execute("insert into public.t values (1, 'a'), (2, 'b'), (3, 'c')");
        topic.transaction(
                10,
                update("t", row("id", "1", "v", "a"), "id", "2", "v", "a"),
                update("t", row("id", "2", "v", "b"), "id", "3", "v", "b"),
                delete("t", "id", "3", "v", "c"));

        apply();

        assertThat(target.query("select * from public.t order by id")).containsExactly("2|a", "3|b");
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
    void bringsEveryTypeThroughTheInputFunction() throws Exception {
        target.execute("create type public.\"my Mood\" as enum ('so, so', 'a\"b', '')");
        target.execute("create type public.pair as (a int, b text)");
        target.execute("create domain public.short as varchar(3)");
        List<String> row = new ArrayList<>(List.of("id", "1"));
        StringBuilder columns = new StringBuilder("id int primary key");
        String[][] types = {
            {"json", "{\"b\":1, \"a\" : 1e400}"},
            {"jsonb", "{\"a\": 10}"},
            {"point", "(-0,NaN)"},
            {"char(5)", "ab   "},
            {"bytea", "\\x00ff5c"},
            {"int[]", "[0:1]={1,NULL}"},
            {"text[]", "{{a,\"b\\\"c\"},{NULL,\"NULL\"}}"},
            {"public.\"my Mood\"", "a\"b"},
            {"public.\"my Mood\"[]", "{\"so, so\",\"\"}"},
            {"public.pair", "(,\"x y\")"},
            {"public.short", "abc"},
            {"numeric", "NaN"},
            {"numeric(6,3)", "1.500"},
            {"double precision", "-Infinity"},
            {"date", "4713-01-01 BC"},
            {"timestamptz", "infinity"},
            {"timetz", "24:00:00-15:59:59"},
            {"interval", "-178000000 years"},
            {"bit(8)", "00000000"},
            {"varbit", ""},
            {"boolean", "f"},
            {"inet", "10.0.0.1"},
            {"money", "-$1.00"},
            {"int4multirange", "{[1,3),[5,)}"},
            {"\"char\"", "x"},
            {"tsvector", "'a':1A 'b c':2"},
            {"xml", "<a>&amp;</a>"}
        };
        for (int i = 0; i < types.length; i++) {
            columns.append(", c").append(i).append(' ').append(types[i][0]);
            row.addAll(List.of("c" + i, types[i][1]));
        }
        String[] values = row.toArray(new String[0]);
        target.execute("create table public.keyed (" + columns + ")");
        target.execute("create table public.keyless (" + columns.toString().replace(" primary key", "") + ")");
        String[] moved = values.clone();
        moved[1] = "2";
        topic.transaction(10, insert("keyed", values), update("keyed", row(values), moved))
                .transaction(20, insert("keyless", values), update("keyless", row(values), moved));

        apply();

        for (String table : List.of("keyed", "keyless")) {
            for (int i = 0; i < types.length; i++) {
                assertThat(target.query("select concat(c" + i + ") from public." + table + " where id = 2"))
                        .as("%s in %s", types[i][0], table)
                        .containsExactly(types[i][1]);
            }
        }
    }

    @Test
    void findsKeysOfEveryType() throws Exception {
        target.execute("create schema ext; create extension citext schema ext; create extension ltree schema ext");
        target.execute("create type public.pair as (a int, b text)");
        target.execute(
                "create collation public.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        String[][] types = {
            {"ext.citext", "aB"},
            {"ext.ltree", "a.b"},
            {"public.pair", "(1,x)"},
            {"text collate public.ci", "aB"},
            {"char(4)", "ab  "},
            {"float8", "NaN"},
            {"numeric", "1.00"},
            {"bytea", "\\x00"},
            {"int[]", "{1,NULL}"},
            {"int4range", "[1,3)"},
            {"timestamptz", "-infinity"},
            {"name", "n"}
        };
        for (int i = 0; i < types.length; i++) {
            target.execute("create table public.k" + i + " (k " + types[i][0] + " primary key, v int)");
            topic.transaction(
                    10 + i,
                    insert("k" + i, "k", types[i][1], "v", "1"),
                    update("k" + i, row("k", types[i][1]), "k", types[i][1], "v", "2"));
        }

        apply();

        for (int i = 0; i < types.length; i++) {
            assertThat(target.query("select concat(k), v from public.k" + i))
                    .as(types[i][0])
                    .containsExactly(types[i][1] + "|2");
        }
    }

    @Test
    void quotesEveryName() throws Exception {
        target.execute("create table public.\"T \"\"?\"\" $1 'x'\" (\"a?\" int primary key, \"per%\\{cent}\" text)");
        String table = "T \"?\" $1 'x'";
        topic.transaction(
                10,
                insert(table, "a?", "1", "per%\\{cent}", "x"),
                update(table, row("a?", "1"), "a?", "2", "per%\\{cent}", "y"));

        apply();

        assertThat(target.query("select * from public.\"T \"\"?\"\" $1 'x'\"")).containsExactly("2|y");
    }

    @Test
    void leavesGeneratedColumnsToTheServerAndWritesIdentityColumns() throws Exception {
        target.execute("create table public.t (id int generated always as identity primary key, a int,"
                + " twice int generated always as (a * 2) stored, other int unique, big text)");
        target.execute("create table public.u (k int primary key, n int generated always as identity, v text)");
        target.execute("create table public.only_id (id int generated always as identity primary key)");
        topic.transaction(10, insert("t", "id", "5", "a", "1", "other", "9", "big", "kept"))
                .transaction(20, update("t", row("id", "5"), "id", "5", "a", "2", "other", "9"))
                .transaction(30, update("t", row("id", "5"), "id", "6", "a", "3", "other", "9"))
                .transaction(
                        40,
                        insert("u", "k", "1", "n", "1", "v", "kept"),
                        update("u", row("k", "1"), "k", "1", "n", "2"))
                .transaction(50, insert("only_id", "id", "1"), update("only_id", row("id", "1"), "id", "1"));

        apply();

        assertThat(target.query("select * from public.t")).containsExactly("6|3|6|9|kept");
        assertThat(target.query("select * from public.u")).containsExactly("1|2|kept");
        assertThat(target.query("select * from public.only_id")).containsExactly("1");
    }

    @Test
    void usesAUniqueIndexWhereThatIsTheReplicaIdentity() throws Exception {
        target.execute("create table public.t (id int primary key, code text not null unique, v int)");
        target.execute("insert into public.t values (1, 'a', 1), (2, 'b', 2)");
        topic.transaction(
                10, update("t", row("code", "b"), "id", "2", "code", "b", "v", "3"), delete("t", "code", "a"));

        apply();

        assertThat(target.query("select * from public.t")).containsExactly("2|b|3");
    }

    /** Under REPLICA IDENTITY FULL the old row comes whole; what it says beside the key does not matter then. */
    @Test
    void findsAWholeOldRowByTheTargetsKey() throws Exception {
        target.execute("create table public.t (j json, a int, x xml, p point, b text, f float8, primary key (b, a))");
        target.execute("insert into public.t values ('{}', 1, '<a/>', '(0,0)', 'x', '-0'),"
                + " ('{}', 2, '<a/>', '(0,0)', 'x', 'NaN'), ('{}', 3, '<a/>', '(0,0)', 'x', '1')");
        topic.transaction(
                10,
                update("t", whole("1", "other"), "j", "[]", "a", "7", "b", "y"),
                update("t", whole("2", "<a/>"), "j", "[]", "a", "2", "b", "x"),
                new ChangeEvent.Delete(ChangeTopic.name("t"), whole("3", "other")));

        apply();

        assertThat(target.query("select a, b, j, x from public.t order by a"))
                .containsExactly("2|x|[]|<a/>", "7|y|[]|<a/>");
    }

    private static Tuple whole(String a, String x) {
        return row("j", "{}", "a", a, "x", x, "p", "(0,0)", "b", "x", "f", "5");
    }

    @Test
    void findsAWholeOldRowByAUniqueIndexThatIsNeverNull() throws Exception {
        target.execute("create table public.t (u int unique, k int not null unique, v text)");
        target.execute("insert into public.t values (null, 1, 'a'), (null, 2, 'a'), (5, 3, 'a')");
        topic.transaction(
                10,
                update("t", row("u", null, "k", "2", "v", "?"), "u", null, "k", "9", "v", "b"),
                delete("t", "u", "5", "k", "3", "v", "?"));

        apply();

        assertThat(target.query("select k, v from public.t order by k")).containsExactly("1|a", "9|b");
    }

    @Test
    void replacesAnIdentityColumnOfAWholeOldRow() throws Exception {
        target.execute("create table public.t (id int generated always as identity primary key, v text, big text)");
        target.execute("insert into public.t overriding system value values (5, 'a', 'kept')");
        topic.transaction(
                10,
                update("t", row("id", "5", "v", "a", "big", "kept"), "id", "6", "v", "b"),
                update("t", row("id", "6", "v", "b", "big", "kept"), "id", "6", "v", "c"));

        apply();

        assertThat(target.query("select * from public.t")).containsExactly("6|c|kept");
    }

    /** PostgreSQL takes no deferrable key as a replica identity: such tables are FULL. */
    @Test
    void swapsAndShiftsADeferrableKey() throws Exception {
        target.execute("create table public.t (id int primary key deferrable, v json)");
        target.execute("insert into public.t values (1, '\"a\"'), (2, '\"b\"'), (3, '\"b\"')");
        topic.transaction(
                        10,
                        update("t", row("id", "1", "v", "\"a\""), "id", "2", "v", "\"a\""),
                        update("t", row("id", "2", "v", "\"b\""), "id", "1", "v", "\"b\""))
                .transaction(
                        20,
                        update("t", row("id", "2", "v", "\"a\""), "id", "3", "v", "\"a\""),
                        update("t", row("id", "3", "v", "\"b\""), "id", "4", "v", "\"c\""));

        apply();

        assertThat(target.query("select id, v from public.t order by id"))
                .containsExactly("1|\"b\"", "3|\"a\"", "4|\"c\"");
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
    void writesRowsOfATableWithoutColumns() throws Exception {
        target.execute("create table public.t ()");
        topic.transaction(10, insert("t"), insert("t"), update("t", row()), delete("t"));

        apply();

        assertThat(target.query("select count(*) from public.t")).containsExactly("1");
    }

    @Test
    void learnsOfAColumnThatWasAddedMeanwhile() throws Exception {
        target.execute("create table public.t (id int primary key)");
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.transaction(10, insert("t", "id", "1")).all());
            target.execute("alter table public.t add column v text");
            long next = topic.end();
            sink.put(topic.transaction(20, insert("t", "id", "2", "v", "new")).from(next));
        }

        assertThat(target.query("select * from public.t order by id")).containsExactly("1|null", "2|new");
    }

    private void apply() {
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.all());
        }
    }
}
