package io.changeover.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.verify.TableComparison.Verdict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DatabaseComparisonTest {

    private static final String ROWS = """
            create table public.t (id int, txt text, f float8, b bytea, j json, ts timestamptz, n numeric, a text[]);
            insert into public.t values
              (1, '', 0.1, '\\x00', '{"a":1,"a":2}', 'infinity', 'NaN', '{}'),
              (2, null, '-0', '', 'null', '4713-01-01 BC', 1.00, '{NULL,"null"}'),
              (3, E'tab\\t \\\\N \\\\. \\n', 'NaN', null, null, now()::date, 1e-300, null),
              (4, 'same', 1, null, null, null, 1, null), (4, 'same', 1, null, null, null, 1, null)""";

    private DatabasePair pair;

    @BeforeEach
    void createDatabases() throws Exception {
        pair = DatabasePair.create();
    }

    @Test
    void sameRowsAreEqualWhateverTheirOrder() throws Exception {
        pair.onBoth(ROWS);
        DatabasePair.execute(pair.target(), "update public.t set id = id where id = 1");

        assertThat(only(compare())).isEqualTo(result("t", 5, 5, Verdict.EQUAL));
    }

    @Test
    void changesOfAValueAreFound() throws Exception {
        pair.onBoth(ROWS);
        List<String> mutations = List.of(
                "update public.t set txt = null where id = 1",
                "update public.t set txt = '' where id = 2",
                "update public.t set f = f + 1e-17 * 2 where id = 1",
                "update public.t set f = 0 where id = 2",
                "update public.t set b = '\\x01' where id = 1",
                "update public.t set b = '' where id = 3",
                "update public.t set j = '{\"a\":2}' where id = 1",
                "update public.t set n = 1.0 where id = 2",
                "update public.t set a = '{null,null}' where id = 2",
                "update public.t set a = '{}' where id = 3",
                "update public.t set ts = ts + '1 microsecond' where id = 3",
                "update public.t set id = 5 where ctid = (select max(ctid) from public.t where id = 4)");

        for (String mutation : mutations) {
            DatabasePair.execute(pair.target(), mutation);
            assertThat(only(compare())).as(mutation).isEqualTo(result("t", 5, 5, Verdict.DIFFERENT));
            DatabasePair.execute(pair.target(), "drop table public.t; " + ROWS);
        }
        assertThat(only(compare()).equal()).isTrue();
    }

    @Test
    void rowsWithoutColumnsAreCounted() throws Exception {
        pair.onBoth("create table public.t (); insert into public.t default values");
        assertThat(only(compare())).isEqualTo(result("t", 1, 1, Verdict.EQUAL));

        DatabasePair.execute(pair.target(), "insert into public.t default values");
        assertThat(only(compare())).isEqualTo(result("t", 1, 2, Verdict.DIFFERENT));
    }

    @Test
    void aRowLessARowMoreAndAMovedDuplicateAreFound() throws Exception {
        pair.onBoth("create table public.t (a text); insert into public.t values ('x'), ('x'), ('y')");

        DatabasePair.execute(pair.target(), "insert into public.t values ('x')");
        assertThat(only(compare())).isEqualTo(result("t", 3, 4, Verdict.DIFFERENT));

        DatabasePair.execute(pair.target(), "truncate public.t; insert into public.t values ('x'), ('y')");
        assertThat(only(compare())).isEqualTo(result("t", 3, 2, Verdict.DIFFERENT));

        DatabasePair.execute(pair.target(), "insert into public.t values ('y')");
        assertThat(only(compare())).isEqualTo(result("t", 3, 3, Verdict.DIFFERENT));
    }

    @Test
    void columnsAreComparedByNameAndGeneratedOnesToo() throws Exception {
        DatabasePair.execute(
                pair.source(),
                "create table public.t (gone int, a int, \"B\" text, c int generated always as (a * 2) stored);"
                        + " alter table public.t drop column gone; insert into public.t values (1, 'x')");
        DatabasePair.execute(
                pair.target(),
                "create table public.t (c int generated always as (a * 2) stored, \"B\" text, a int);"
                        + " insert into public.t (a, \"B\") values (1, 'x')");
        assertThat(only(compare()).equal()).isTrue();

        DatabasePair.execute(
                pair.target(),
                "alter table public.t drop column c, add column c int generated always as (a * 3) stored");
        assertThat(only(compare()).verdict()).isEqualTo(Verdict.DIFFERENT);
    }

    @Test
    void aColumnOfOneSideIsNamed() throws Exception {
        DatabasePair.execute(pair.source(), "create table public.t (a int, b int); insert into public.t values (1)");
        DatabasePair.execute(pair.target(), "create table public.t (a int, c int); insert into public.t values (1)");

        TableComparison result = only(compare());

        assertThat(result.verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(result.sourceRows()).isEqualTo(1);
        assertThat(result.note()).contains("missing on the target: column b; missing on the source: column c");
    }

    @Test
    void tablesOfOneSideAreDifferencesAndUnloggedOnesAreExcluded() throws Exception {
        DatabasePair.execute(pair.source(), "create table public.\"we\"\"ird, name\" ()");
        DatabasePair.execute(
                pair.target(),
                "create table public.new (); create schema changeover;" + " create table changeover.positions ()");
        pair.onBoth("create unlogged table public.u (a int); create table public.empty ();"
                + " create temporary table gone (a int)");

        List<TableComparison> results = compare();

        assertThat(results)
                .extracting(
                        result -> result.table().name(),
                        TableComparison::verdict,
                        result -> result.note().orElse(""))
                .containsExactly(
                        tuple("empty", Verdict.EQUAL, ""),
                        tuple("new", Verdict.DIFFERENT, "missing on the source"),
                        tuple("u", Verdict.EXCLUDED, "unlogged on the source: its changes are not replicated"),
                        tuple("we\"ird, name", Verdict.DIFFERENT, "missing on the target"));
    }

    @Test
    void partitionsAreComparedOneByOneAndMaterializedViewsByContents() throws Exception {
        pair.onBoth("""
                create table public.p (k int, v text) partition by list (k);
                create table public.p1 partition of public.p for values in (1);
                create table public.p2 (v text, k int);
                alter table public.p attach partition public.p2 for values in (2);
                create table public.parent (a int);
                create table public.child () inherits (public.parent);
                insert into public.p values (1, 'a'), (2, 'b'), (2, 'c');
                insert into public.child values (1);
                create materialized view public.m as select count(*) as n from public.p;
                create materialized view public.never as select 1 as n with no data""");
        DatabasePair.execute(
                pair.target(),
                "update public.p set v = 'd' where v = 'c'; delete from public.p where k = 1;"
                        + " refresh materialized view public.m");

        List<TableComparison> results = compare();

        assertThat(results)
                .filteredOn(result -> !result.equal())
                .extracting(result -> result.table().name(), TableComparison::sourceRows, TableComparison::targetRows)
                .containsExactly(tuple("m", 1L, 1L), tuple("never", 0L, 0L), tuple("p1", 1L, 0L), tuple("p2", 2L, 2L));
        assertThat(results)
                .filteredOn(result -> result.table().name().equals("m"))
                .singleElement()
                .matches(TableComparison::materializedView);
        assertThat(results)
                .filteredOn(result -> result.table().name().equals("parent"))
                .singleElement()
                .extracting(TableComparison::sourceRows)
                .isEqualTo(0L);
    }

    @Test
    void comparesTheMomentOfTheSnapshots() throws Exception {
        pair.onBoth("create table public.t (a int); insert into public.t values (1)");
        try (HeldSnapshot source = HeldSnapshot.take(pair.source());
                HeldSnapshot target =
                        HeldSnapshot.take(pair.target(), Connections.open(pair.target(), "changeover-test"))) {
            DatabasePair.execute(pair.source(), "insert into public.t values (2); create table public.later ()");
            DatabasePair.execute(pair.target(), "delete from public.t");

            assertThat(only(run(source, target))).isEqualTo(result("t", 1, 1, Verdict.EQUAL));
        }
    }

    @Test
    void tellsOfEveryTableAndComparesOnlyWhatIsSelected() throws Exception {
        pair.onBoth("create table public.a (); create table public.b (); create table public.c ()");
        List<TableComparison> told = Collections.synchronizedList(new ArrayList<>());
        try (HeldSnapshot source = HeldSnapshot.take(pair.source());
                HeldSnapshot target = HeldSnapshot.take(pair.target())) {

            List<TableComparison> results = DatabaseComparison.run(
                    source, target, table -> !table.name().equals("b"), 3, told::add);

            assertThat(results).extracting(result -> result.table().name()).containsExactly("a", "c");
            assertThat(told).containsExactlyInAnyOrderElementsOf(results);
        }
    }

    @Test
    void aTableThatCannotBeReadStopsTheComparison() throws Exception {
        pair.onBoth("create table public.a (); create table public.secret (a int)");
        ServerSettings superuser = DatabasePair.superuser(pair.target());
        DatabasePair.execute(superuser, "alter table public.secret owner to postgres");

        assertThatThrownBy(this::compare)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("public.secret")
                .hasMessageContaining("permission denied");
    }

    @Test
    void aTableWhosePoliciesHideRowsStopsTheComparison() throws Exception {
        pair.onBoth("create table public.t (a int); insert into public.t values (1);"
                + " alter table public.t enable row level security, force row level security");

        assertThatThrownBy(this::compare).hasMessageContaining("row-level security");
    }

    @Test
    void floatsOfOldServersAreComparedInBinary() throws Exception {
        pair.onBoth("create table public.t (a float8, p point, f float4[], t text);"
                + " insert into public.t values (0.1, '(0.1,0.2)', '{0.1,NULL}', 'x')");
        try (HeldSnapshot source = HeldSnapshot.take(pair.source())) {
            TableName table = new TableName("public", "t");
            ComparedColumns columns = ComparedColumns.read(source.connection(), 11);
            String copy = columns.copy(table, columns);

            assertThat(copy)
                    .isEqualTo(
                            "copy (select pg_catalog.\"float8send\"(case when \"a\" = 'NaN' then 'NaN' else \"a\" end),"
                                    + " pg_catalog.\"array_send\"(\"f\"), pg_catalog.\"point_send\"(\"p\"), \"t\" from only \"public\".\"t\") to stdout");
            assertThat(TableDigest.read(source.connection(), copy).rows()).isEqualTo(1);
        }
    }

    @Test
    void digestsOfBothSidesAreKept() throws Exception {
        pair.onBoth("create table public.t (a int); insert into public.t values (1), (2)");
        DatabasePair.execute(pair.target(), "update public.t set a = 3 where a = 2");

        TableComparison.Sums sums = compare().get(0).sums().orElseThrow();

        assertThat(sums.source()).matches("[0-9a-f]{64}");
        assertThat(sums.target()).matches("[0-9a-f]{64}").isNotEqualTo(sums.source());
    }

    private List<TableComparison> compare() throws Exception {
        try (HeldSnapshot source = HeldSnapshot.take(pair.source());
                HeldSnapshot target = HeldSnapshot.take(pair.target())) {
            return run(source, target);
        }
    }

    private static List<TableComparison> run(HeldSnapshot source, HeldSnapshot target) throws Exception {
        return DatabaseComparison.run(source, target, table -> true, 2, table -> {});
    }

    private static TableComparison only(List<TableComparison> results) {
        assertThat(results).hasSize(1);
        TableComparison found = results.get(0);
        return new TableComparison(
                found.table(),
                found.materializedView(),
                found.sourceRows(),
                found.targetRows(),
                found.verdict(),
                Optional.empty(),
                found.note());
    }

    private static TableComparison result(String table, long source, long target, Verdict verdict) {
        return new TableComparison(
                new TableName("public", table), false, source, target, verdict, Optional.empty(), Optional.empty());
    }
}
