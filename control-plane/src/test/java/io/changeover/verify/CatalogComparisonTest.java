package io.changeover.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.Connections;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CatalogComparisonTest {

    private static final String OBJECTS = """
            create schema app;
            create type app.mood as enum ('sad', 'it''s ok');
            create domain app.positive as integer default 1 constraint above_zero check (value > 0);
            create type app.pair as (a int, b text);
            create sequence app.numbers start with 10 increment by -2 maxvalue 10;
            create function app.touch() returns trigger language plpgsql as $$ begin return new; end $$;
            create table app.parent (id int primary key, code varchar(10) unique check (code in ('a', 'b')));
            create table app.child (
                id bigint generated always as identity, parent int default 5, n numeric(5, 2) not null, m app.mood,
                twice int generated always as (parent * 2) stored, at timestamptz default now(), t text collate "C",
                s int default nextval('app.numbers'), constraint child_parent foreign key (parent)
                    references app.parent deferrable initially deferred);
            alter sequence app.numbers owned by app.child.s;
            create index child_index on app.child (lower(t), parent desc) where n > 0;
            create trigger touch before update on app.child for each row execute function app.touch();
            create rule kept as on delete to app.parent do instead nothing;
            create view app.shown as select id from app.child;
            create materialized view app.summed as select count(*) as n from app.child;
            alter table app.parent enable row level security;
            create policy mine on app.parent using (code = 'a');
            create statistics app.related on id, parent from app.child;
            create table app.measured (at date, v int) partition by range (at);
            create table app.measured_1 partition of app.measured for values from ('2026-01-01') to ('2026-02-01')""";

    private DatabasePair pair;

    @BeforeEach
    void createObjects() throws Exception {
        pair = DatabasePair.create();
        pair.onBoth(OBJECTS);
    }

    @Test
    void theSameDefinitionsOnPostgres14And17AreEqual() throws Exception {
        assertThat(compare()).isEmpty();
    }

    /** Before 12 there are no generated columns, and no oid among the columns of a catalog. */
    @Test
    void theSameDefinitionsOnPostgres10And17AreEqual() throws Exception {
        String objects = OBJECTS.replace("generated always as (parent * 2) stored", "default 2")
                .replace("execute function", "execute procedure");
        DatabasePair empty = DatabasePair.create();
        try (LocalPostgres ten = LocalPostgres.builder(10).fsync(false).start();
                Connection source = Connections.open(ten.settings("postgres"), "changeover-test");
                Connection target = Connections.open(empty.target(), "changeover-test");
                Statement onSource = source.createStatement();
                Statement onTarget = target.createStatement()) {
            onSource.execute(objects);
            onTarget.execute(objects);

            assertThat(CatalogComparison.run(source, target)).isEmpty();
            onSource.execute("alter table app.child add more int");
            assertThat(CatalogComparison.run(source, target))
                    .singleElement()
                    .satisfies(difference -> assertThat(difference.toString()).contains("app.child.more"));
        }
    }

    @Test
    void theSameDefinitionsOnPostgres96And17AreEqual() throws Exception {
        String objects = OBJECTS.replace("generated always as (parent * 2) stored", "default 2")
                .replace("bigint generated always as identity", "bigserial")
                .replace("execute function", "execute procedure")
                .replaceAll("(?s)create statistics.*", "");
        DatabasePair empty = DatabasePair.create();
        try (LocalPostgres old = LocalPostgres.builder(9).fsync(false).start();
                Connection source = Connections.open(old.settings("postgres"), "changeover-test");
                Connection target = Connections.open(empty.target(), "changeover-test");
                Statement onSource = source.createStatement();
                Statement onTarget = target.createStatement()) {
            onSource.execute(objects);
            onTarget.execute(objects);

            assertThat(CatalogComparison.run(source, target)).isEmpty();
            onSource.execute("alter sequence app.numbers increment by -3 cycle");
            assertThat(CatalogComparison.run(source, target))
                    .singleElement()
                    .satisfies(
                            difference -> assertThat(difference.toString()).contains("sequence app.numbers", "cycle"));
        }
    }

    @Test
    void everyKindOfChangeIsFound() throws Exception {
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("alter type app.mood add value 'glad'", "enum app.mood");
        changes.put("alter domain app.positive drop constraint above_zero", "constraint app.positive.above_zero");
        changes.put("alter domain app.positive drop default", "domain app.positive");
        changes.put("alter type app.pair alter attribute a type bigint", "column app.pair.a");
        changes.put("alter sequence app.numbers increment by -3", "sequence app.numbers");
        changes.put("alter sequence app.numbers owned by none", "sequence app.numbers");
        changes.put("alter function app.touch() stable", "function app.touch()");
        changes.put(
                "create or replace function app.touch() returns trigger language plpgsql as $$ begin return old; end $$",
                "function app.touch()");
        changes.put("alter table app.child alter s type bigint", "column app.child.s");
        changes.put("alter table app.child alter parent drop default", "column app.child.parent");
        changes.put("alter table app.child alter n drop not null", "column app.child.n");
        changes.put("alter table app.child alter id set generated by default", "column app.child.id");
        changes.put("alter table app.child alter twice drop expression", "column app.child.twice");
        changes.put("alter table app.child alter t type text collate \"POSIX\"", "column app.child.t");
        changes.put("alter table app.child alter constraint child_parent not deferrable", "app.child.child_parent");
        changes.put(
                "alter table app.child drop constraint child_parent, add constraint child_parent"
                        + " foreign key (parent) references app.parent deferrable initially deferred not valid",
                "constraint app.child.child_parent");
        changes.put("alter table app.parent drop constraint parent_code_check", "app.parent.parent_code_check");
        changes.put("drop index app.child_index", "index app.child_index");
        changes.put("alter table app.child disable trigger touch", "trigger app.child.touch");
        changes.put("alter table app.child enable always trigger touch", "trigger app.child.touch");
        changes.put("alter table app.parent disable rule kept", "rule app.parent.kept");
        changes.put("drop view app.shown", "view app.shown");
        changes.put("drop materialized view app.summed", "materialized view app.summed");
        changes.put("alter table app.parent disable row level security", "table app.parent");
        changes.put("drop policy mine on app.parent", "policy app.parent.mine");
        changes.put("drop statistics app.related", "statistics app.related");
        changes.put("alter table app.measured detach partition app.measured_1", "partitioning app.measured_1");
        changes.put("create table public.added ()", "table public.added");
        changes.put("create schema added", "schema added");

        for (Map.Entry<String, String> change : changes.entrySet()) {
            DatabasePair.execute(pair.target(), change.getKey());
            assertThat(compare())
                    .as(change.getKey())
                    .extracting(Difference::toString)
                    .anyMatch(line -> line.contains(change.getValue()));
            DatabasePair.execute(
                    pair.target(),
                    "set client_min_messages = error; drop schema app cascade; drop schema if exists added;"
                            + " drop table if exists public.added; " + OBJECTS);
        }
        assertThat(compare()).isEmpty();
    }

    @Test
    void theLedgerIsNoDifference() throws Exception {
        DatabasePair.execute(pair.target(), "create schema changeover; create table changeover.t (id int primary key)");

        assertThat(compare()).isEmpty();
    }

    @Test
    void bodiesOfFunctionsAreNotShown() throws Exception {
        DatabasePair.execute(
                pair.target(), "create function public.f() returns text language sql as $$ select 'secret'::text $$");

        assertThat(compare())
                .singleElement()
                .extracting(Difference::toString)
                .asString()
                .doesNotContain("secret");
    }

    private List<Difference> compare() throws Exception {
        try (Connection source = Connections.open(pair.source(), "changeover-test");
                Connection target = Connections.open(pair.target(), "changeover-test")) {
            return CatalogComparison.run(source, target);
        }
    }
}
