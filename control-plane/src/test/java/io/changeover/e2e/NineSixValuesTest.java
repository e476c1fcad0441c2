package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.spec.SchemaMode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Values of all types come through the stream of PostgreSQL 9.6 as they are, whatever the database is set to. */
@Timeout(240)
@Tag("faults")
@ExtendWith(StackExtension.class)
class NineSixValuesTest {

    private static final String[] TYPES = {
        "create type public.mood as enum ('sad', 'it''s ok', '')",
        "create domain public.positive as int check (value > 0)",
        "create type public.pair as (a int, b text)",
        "create type public.\"Odd ]: Type\" as (a int)",
    };

    /** A type, and expressions of that type. */
    private static final String[][] VALUES = {
        {"numeric", "'NaN'", "1.00", "-0.0000000001", "1e131"},
        {"smallint", "'-32768'"},
        {"bigint", "'-9223372036854775808'"},
        {"real", "'NaN'", "-'NaN'::real", "'-0'", "1e-45", "0.1", "'-Infinity'"},
        {"float8", "-'NaN'::float8", "0.1", "5e-324", "1.7976931348623157e308", "1::float8 / 3", "'Infinity'"},
        {"money", "'1234567.89'", "'-0.01'"},
        {"boolean", "true", "false"},
        {
            "text",
            "''",
            "'null'",
            "'true'",
            "'unchanged-toast-datum'",
            "E'it''s \\\\ \n new-tuple: x[text]:''y'''",
            "E'\\U0001F600'",
            "'\\N'",
            "repeat('ä', 300000)"
        },
        {"char(5)", "'ab'", "''"},
        {"\"char\"", "'x'"},
        {"name", "'a\"b'"},
        {"bytea", "''", "'\\x00ff5c27'", "decode(repeat('00ff', 100000), 'hex')"},
        {"bit(8)", "B'00000000'"},
        {"varbit", "B''", "B'0001'"},
        {"date", "'infinity'", "'0044-03-15 BC'", "'1582-10-10'", "'5874897-01-01'"},
        {"timestamp", "'-infinity'", "'294276-12-31 23:59:59.999999'", "'4713-01-01 BC'"},
        {"timestamptz", "'infinity'", "'294276-12-31 23:59:59.999999+00'", "'4713-01-01 00:00:00+00 BC'"},
        {"time", "'24:00'", "'23:59:59.999999'"},
        {"timetz", "'24:00-15:59:59'", "'00:00+05:30'"},
        {"interval", "'-178000000 years'", "'1 mon -3 days +00:00:01.5'", "'24:00:00'", "'1 day'"},
        {"uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"},
        {"json", "'{\"b\" : 1,  \"b\": 1e400, \"a\":\"\\u00e9\"}'", "'null'"},
        {"jsonb", "'{\"b\": [1.0, null, \"it''s\"]}'", "'null'"},
        {"xml", "'<a>&amp;</a>'", "'text'"},
        {"inet", "'10.0.0.1/8'", "'::1'"},
        {"cidr", "'10.0.0.0/8'"},
        {"macaddr", "'08:00:2b:01:02:03'"},
        {"point", "'(0.1,-0)'"},
        {"polygon", "'((0,0),(1,1),(1,0.1))'"},
        {"text[]", "'{}'", "'{NULL,\"NULL\",\"\",\"a,b\",\"\\\"q\\\\\"}'", "'[0:1]={x,y}'", "'{{a,b},{c,NULL}}'"},
        {"int[]", "'{1,NULL}'"},
        {"timestamptz[]", "'{infinity,2026-01-01 00:00+00}'"},
        {"int4range", "'empty'", "'(,5)'"},
        {"tstzrange", "'[2026-01-01 00:00+00,infinity)'"},
        {"tsvector", "'a:1A ''it''''s'':2'"},
        {"tsquery", "'a & !b'"},
        {"oid", "'4294967295'"},
        {"regclass", "'pg_catalog.pg_class'"},
        {"regtype", "'int4'"},
        {"pg_lsn", "'FF/1'"},
        {"public.mood", "'it''s ok'", "''"},
        {"public.mood[]", "'{\"it''s ok\"}'"},
        {"public.positive", "1"},
        {"public.pair", "'(1,\"a,\"\"b\"\"\")'", "'(,)'"},
        {"public.\"Odd ]: Type\"", "'(1)'"}
    };

    /** Text of floats is shorter from PostgreSQL 12 on; what they are is left to the comparison of the migration. */
    private static final Map<String, String> FORMS =
            Map.of("real", "0 * abs", "float8", "0 * abs", "point", "point_send", "polygon", "poly_send");

    private static final String[] SETTINGS = {
        "datestyle = 'SQL, DMY'",
        "intervalstyle = 'iso_8601'",
        "extra_float_digits = 0",
        "bytea_output = 'escape'",
        "timezone = 'Asia/Kolkata'",
        "quote_all_identifiers = on",
        "search_path = public, pg_catalog"
    };

    @Test
    void areTheSources(SharedStack stack) throws Exception {
        try (Servers servers = Servers.start(9)) {
            Databases databases = servers.create();
            databases.onSource(TYPES);
            for (String setting : SETTINGS) {
                databases.onSource("alter database " + databases.name() + " set " + setting);
            }
            databases.onSource(
                    "create table public.val (id serial primary key, " + columns() + ")",
                    "create table public.whole (like public.val)",
                    "alter table public.whole replica identity full");
            stack.api().begin(stack.spec(databases, SchemaMode.COPY));
            stack.api().awaitState(databases, "READY_TO_CUTOVER");
            databases.onSource(inserts().toArray(String[]::new));
            databases.onSource(
                    "insert into public.whole select * from public.val",
                    "update public.whole set \"Col 1\" = 7 where id % 3 = 0",
                    "update public.val set id = -id where id % 5 = 0",
                    "delete from public.whole where id % 7 = 0");
            Api.Answer answer = await("a cutover that may begin")
                    .until(() -> stack.api().cutover(databases), given -> given.status() != 409);
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);

            JsonNode end = stack.api().awaitEnd(databases);
            assertThat(different(databases)).isEmpty();
            Api.assertEqual(end);
            assertThat(databases.askTarget("select count(*) from public.val where id < 0"))
                    .containsExactly(String.valueOf(inserts().size() / 5));
        }
    }

    /** The types whose values differ. */
    private static List<String> different(Databases databases) throws SQLException {
        List<String> different = new ArrayList<>();
        for (int column = 0; column < VALUES.length; column++) {
            String read = "select id, " + FORMS.getOrDefault(VALUES[column][0], "concat") + "(\"Col " + column
                    + "\") from %s where \"Col " + column + "\" is not null order by id";
            for (String table : List.of("public.val", "public.whole")) {
                List<String> source = databases.askSource(read.formatted(table));
                List<String> target = databases.askTarget(read.formatted(table));
                if (!source.equals(target)) {
                    different.add(VALUES[column][0] + " of " + table + ": " + source + ", " + target);
                }
            }
        }
        return different;
    }

    private static String columns() {
        return IntStream.range(0, VALUES.length)
                .mapToObj(i -> "\"Col " + i + "\" " + VALUES[i][0])
                .collect(Collectors.joining(", "));
    }

    private static List<String> inserts() {
        List<String> inserts = new ArrayList<>();
        for (int column = 0; column < VALUES.length; column++) {
            for (int value = 1; value < VALUES[column].length; value++) {
                inserts.add("insert into public.val (\"Col " + column + "\") values ((" + VALUES[column][value] + ")::"
                        + VALUES[column][0] + ")");
            }
        }
        return inserts;
    }
}
