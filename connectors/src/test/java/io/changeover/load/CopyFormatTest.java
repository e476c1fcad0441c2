package io.changeover.load;

import static io.changeover.load.LoadDatabases.ask;
import static io.changeover.load.LoadDatabases.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which tables are copied in binary form, and that their rows are the same in both. */
@Timeout(60)
class CopyFormatTest {

    private static final TableName TABLE = new TableName("public", "t");

    private static final String BUILT_IN = """
            create type public.mood as enum ('sad', 'it''s "fine"');
            create domain public.positive as numeric(12,3) check (value > 0);
            create domain public.small_positive as public.positive check (value < 1000);
            create table public.t (a bool, b int2, c int4, d int8, e float4, f float8, g numeric, h text, i varchar(20),
              j char(5), k bytea, l date, m time, n timetz, o timestamp, p timestamptz, q interval, r uuid, s json,
              t jsonb, u inet, v cidr, w macaddr, x bit(3), y varbit, z point, aa "char", ab name, ac int[], ad text[],
              ae public.mood, af public.small_positive, ag numeric(5,2)[], ah int generated always as (c + 1) stored,
              primary key (c))""";

    private static final String ROWS = """
            insert into public.t values
            (true, -32768, 1, 9223372036854775807, 'NaN', '-0', 'NaN', E'é\\t\\\\N\\n', 'x ', 'y', '\\x00ff', 'infinity',
             '24:00', '23:59:59.999999+14', '-infinity', '294276-12-31 23:59:59.999999+00', '-1 mon 3 days 00:00:00.1',
             gen_random_uuid(), '{"a": 1,  "a": 2}', '{"b": [1.10]}', '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', '101',
             '', '(1e300,-0)', 'c', 'n', '{{1,2},{3,null}}', '{"a b",NULL,"NULL"}', 'it''s "fine"', 0.001, '{1.50,NULL}'),
            (null, null, 2, null, 'Infinity', 1e-300, 1e-1000, '', null, null, '', '4713-01-01 BC', null, null, null, null,
             null, null, 'null', 'null', null, null, null, null, null, null, null, null, '{}', '{}', null, null, null)""";

    @RegisterExtension
    static final LoadDatabases databases = new LoadDatabases();

    @Test
    void whatAllServersWriteAlikeIsCopiedInBinaryForm() throws Exception {
        run(source(), BUILT_IN, ROWS);
        run(
                target(),
                BUILT_IN.replace(
                        "create domain public.positive",
                        "create type public.other as enum ();" + " create domain public.positive"));

        assertThat(load()).isEqualTo("binary");

        assertThat(ask(target(), "select string_agg(t::text, '|' order by c) from public.t t"))
                .isEqualTo(ask(source(), "select string_agg(t::text, '|' order by c) from public.t t"));
        assertThat(ask(target(), "select rows::text from changeover.loads")).containsExactly("2");
    }

    @Test
    void noRowsAreNoRow() throws Exception {
        run(source(), BUILT_IN);
        run(target(), BUILT_IN);

        assertThat(load()).isEqualTo("binary");

        assertThat(ask(target(), "select rows::text from changeover.loads")).containsExactly("0");
    }

    @Test
    void anotherTypeOnTheTargetNeedsText() throws Exception {
        run(source(), "create table public.t (id int, n int)", "insert into public.t values (1, 2)");
        run(target(), "create table public.t (id int, n bigint)");

        assertThat(load()).isEqualTo("text: column n has another type on the target");

        assertThat(ask(target(), "select t::text from public.t t")).containsExactly("(1,2)");
    }

    @Test
    void anotherLengthOnTheTargetNeedsText() throws Exception {
        run(source(), "create table public.t (v varchar(5))", "insert into public.t values ('abc')");
        run(target(), "create table public.t (v varchar(9))");

        assertThat(load()).isEqualTo("text: column v has another type on the target");
    }

    /** Its elements have a number that is another one on the target. */
    @Test
    void arraysOfTypesOfTheDatabaseNeedText() throws Exception {
        run(
                source(),
                "create type public.mood as enum ('sad')",
                "create table public.t (m public.mood[])",
                "insert into public.t values ('{sad}')");
        run(
                target(),
                "create type public.other as enum ()",
                "create type public.mood as enum ('sad')",
                "create table public.t (m public.mood[])");

        assertThat(load()).startsWith("text: column m is of type");

        assertThat(ask(target(), "select m::text from public.t")).containsExactly("{sad}");
    }

    @Test
    void rowTypesNeedText() throws Exception {
        String types = "create type public.pair as (a int, b text); create table public.t (p public.pair)";
        run(source(), types, "insert into public.t values ((1, 'x'))");
        run(target(), types);

        assertThat(load()).startsWith("text: column p is of type");

        assertThat(ask(target(), "select p::text from public.t")).containsExactly("(1,x)");
    }

    @Test
    void databasesThatAreNotInUtf8NeedText() throws Exception {
        run(
                databases.settings("postgres"),
                "drop database source",
                "create database source encoding 'LATIN1' locale 'C' template template0");
        run(source(), "create table public.t (v text)", "insert into public.t values (U&'\\00E9')");
        run(target(), "create table public.t (v text)");

        assertThat(load()).startsWith("text: a server is not in UTF8");

        assertThat(ask(target(), "select v from public.t")).containsExactly("é");
    }

    /** The form. */
    private static String load() throws SQLException {
        try (Connection ledger = Connections.open(target(), "changeover-test")) {
            Ledger.create(ledger);
            LoadLedger.enqueue(ledger, List.of(new LoadLedger.Entry(TABLE, 0, 0)));
            try (Loader loader = new Loader(source(), target(), 1 << 30, progress -> {}, () -> false)) {
                assertThat(loader.next()).isEqualTo(Loader.Outcome.WORKED);
                assertThat(loader.next()).isEqualTo(Loader.Outcome.FINISHED);
            }
        }
        return ask(target(), "select format from changeover.loads").get(0);
    }

    private static ServerSettings source() {
        return databases.source();
    }

    private static ServerSettings target() {
        return databases.target();
    }
}
