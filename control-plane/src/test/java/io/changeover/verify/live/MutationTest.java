package io.changeover.verify.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.ServerSettings;
import io.changeover.verify.DatabasePair;
import io.changeover.verify.live.TableVerification.Kind;
import io.changeover.verify.live.TableVerification.Mismatch;
import io.changeover.verify.live.TableVerification.State;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is changed on one side is found, in every kind of table; what is the same is never called different. */
@Timeout(240)
class MutationTest {

    private static final String VALUES = """
            create domain public.amount as numeric check (value > 0);
            create type public.mood as enum ('sad', 'it''s ok');
            create type public.spot as (a int, b text);
            """;

    /** Columns of a row whose every value is to be compared. */
    private static final String COLUMNS = "txt text, v varchar(20), c char(6), f float8, b bytea, j jsonb, a text[],"
            + " n numeric, ts timestamptz, m public.mood, s public.spot, d public.amount, big text";

    private static final String ROW = "'' , 'v', 'c', 0.1, '\\x00ff', '{\"a\": 1}', '{a,NULL,\"NULL\"}', 1.00,"
            + " '2026-01-01 00:00:00.000001Z', 'sad', '(1,)', 5, repeat('long ', 300000)";

    /** Kind of table → how it is made, with rows 1 to 3, and one of it named by {@code id}. */
    private static Map<String, String> kinds() {
        Map<String, String> kinds = new LinkedHashMap<>();
        String rows = "insert into public.t select i, " + ROW + " from generate_series(1, 3) i";
        kinds.put("integer key", "create table public.t (id int primary key, " + COLUMNS + "); " + rows);
        kinds.put(
                "key of two columns",
                "create table public.t (id bigint, " + COLUMNS
                        + ", at date default '2026-01-01', primary key (at, id)); " + rows);
        kinds.put("text key", "create table public.t (id text primary key, " + COLUMNS + "); " + rows);
        kinds.put(
                "key of a nondeterministic collation",
                "create collation public.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
                        + " create table public.t (id text collate public.loose primary key, " + COLUMNS + "); "
                        + rows);
        kinds.put(
                "uuid key",
                "create table public.t (id text generated always as (right(k::text, 1)) stored, k uuid primary key, "
                        + COLUMNS + "); insert into public.t (k, txt, v, c, f, b, j, a, n, ts, m, s, d, big)"
                        + " select ('00000000-0000-0000-0000-00000000000' || i)::uuid, " + ROW
                        + " from generate_series(1, 3) i");
        kinds.put(
                "partition",
                "create table public.p (id int primary key, " + COLUMNS + ") partition by range (id);"
                        + " create table public.t partition of public.p for values from (0) to (10); " + rows);
        kinds.put("no key, with duplicates", "create table public.t (id int, " + COLUMNS + "); " + rows + "; " + rows);
        kinds.put(
                "whole row as identity, and a unique column",
                "create table public.t (id int not null unique, " + COLUMNS + "); alter table public.t replica identity"
                        + " full; " + rows);
        return kinds;
    }

    private static final List<String> MUTATIONS = List.of(
            "update public.t set txt = null where id = '2'",
            "update public.t set v = 'V' where id = '2'",
            "update public.t set c = 'd' where id = '1'",
            "update public.t set f = f + 1e-17 * 2 where id = '3'",
            "update public.t set b = '\\x01ff' where id = '2'",
            "update public.t set j = '{\"a\": 1.0}' where id = '2'",
            "update public.t set a = '{a,NULL,NULL}' where id = '2'",
            "update public.t set n = 1.0 where id = '2'",
            "update public.t set ts = ts + '1 microsecond' where id = '3'",
            "update public.t set m = 'it''s ok' where id = '3'",
            "update public.t set s = '(1,\"\")' where id = '1'",
            "update public.t set d = 5.0 where id = '1'",
            "update public.t set big = overlay(big placing 'x' from 1000000 for 1) where id = '1'",
            "delete from public.t where ctid = (select max(ctid) from public.t)");

    @Test
    void everyMutationIsFoundInEveryKindOfTable() throws Exception {
        for (Map.Entry<String, String> kind : kinds().entrySet()) {
            DatabasePair pair = DatabasePair.create();
            pair.onBoth(VALUES + kind.getValue());
            assertThat(table(pair).state()).as(kind.getKey()).isEqualTo(State.VERIFIED);
            int named = kind.getKey().startsWith("no key") ? 0 : 1;
            for (String mutation : MUTATIONS) {
                DatabasePair.execute(pair.target(), mutation);
                TableVerification found = table(pair);
                assertThat(found.state()).as(kind.getKey() + ": " + mutation).isEqualTo(State.DIFFERENT);
                assertThat(found.mismatches())
                        .as(kind.getKey() + ": " + mutation)
                        .hasSize(named);
                putBack(pair.target(), kind.getValue());
            }
            assertThat(table(pair).state()).as(kind.getKey() + " put back").isEqualTo(State.VERIFIED);
        }
    }

    private static void putBack(ServerSettings target, String sql) throws SQLException {
        DatabasePair.execute(target, "delete from public.t; " + sql.substring(sql.indexOf("insert into public.t")));
    }

    @Test
    void aRowTooManyIsNamedAsSuch() throws Exception {
        DatabasePair pair = DatabasePair.create();
        pair.onBoth("create table public.t (id int primary key, v text); insert into public.t values (1, 'a')");
        DatabasePair.execute(pair.target(), "insert into public.t values (0, ''), (5, 'b')");
        DatabasePair.execute(pair.source(), "insert into public.t values (3, 'c')");

        TableVerification found = table(pair);

        assertThat(found.mismatches())
                .extracting(Mismatch::kind)
                .containsExactlyInAnyOrder(Kind.TOO_MANY, Kind.TOO_MANY, Kind.MISSING);
        String hash = DatabasePair.query(
                pair.source(),
                "select left(encode(sha256(convert_to(id::text, 'UTF8')), 'hex'), 16) from public.t where id = 3");
        assertThat(found.mismatches()).contains(new Mismatch(hash, Kind.MISSING));
    }

    @Test
    void manySlicesAreComparedWhateverTheOrderOfColumns() throws Exception {
        DatabasePair pair = DatabasePair.create();
        String rows = " select i * 3, (i % 7)::text, i from generate_series(1, 120000) i; analyze public.t";
        DatabasePair.execute(
                pair.source(),
                "create table public.t (id int, v text, w bigint, primary key (id)); insert into public.t" + rows);
        DatabasePair.execute(
                pair.target(),
                "create table public.t (w bigint, gone int, id int primary key, v text);"
                        + " alter table public.t drop column gone; insert into public.t (id, v, w)" + rows);
        TableVerification same = table(pair);
        assertThat(same.state()).isEqualTo(State.VERIFIED);
        assertThat(same.rows()).isEqualTo(120_000);
        assertThat(same.parts()).isEqualTo(3);

        DatabasePair.execute(
                pair.target(), "insert into public.t values (1, -5, 'x'), (1, 150000 + 1, 'x'), (1, 999999, 'x')");

        assertThat(table(pair).mismatches())
                .hasSize(3)
                .extracting(Mismatch::kind)
                .containsOnly(Kind.TOO_MANY);
    }

    @Test
    void keysWrittenInAnotherWayAreFoundByTheServersEquality() throws Exception {
        DatabasePair pair = DatabasePair.create();
        pair.onBoth("create table public.t (id numeric primary key, v text); insert into public.t values (1.00, 'a')");
        try (Sides sides = new Sides(pair.source(), pair.target())) {
            ComparedTable shape = Checked.walks(sides).get(0).table();

            List<RowLook> looks = new RowReader(sides.source(), shape.source())
                    .look(List.of(new RowKey(List.of("2")), new RowKey(List.of("1.0"))));

            assertThat(looks).extracting(RowLook::isThere).containsExactly(false, true);
        }
    }

    private static TableVerification table(DatabasePair pair) throws Exception {
        return Checked.verify(pair).stream()
                .filter(each -> each.table().name().equals("t"))
                .findFirst()
                .orElseThrow();
    }
}
