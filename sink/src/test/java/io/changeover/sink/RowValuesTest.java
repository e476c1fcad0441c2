package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.delete;
import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values and keys of every type, as text and as bytes, with a key and without. */
@Timeout(60)
class RowValuesTest {

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

    private void apply() {
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.all());
        }
    }
}
