package io.changeover.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.preflight.PreflightRequest.Pair;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Checks of what is in the databases and of what sessions begin with, on one server: each fires, and its fix ends it.
 */
@Timeout(120)
class ContentChecksTest {

    private static final Tools TOOLS = new Tools(Map.of("pg_dump", 17, "pg_restore", 17, "psql", 17));

    private static Map<String, LocalPostgres> servers = Map.of();

    @BeforeAll
    static void startServer() {
        servers = Map.of(
                "one",
                LocalPostgres.builder(17)
                        .fsync(false)
                        .setting("wal_level", "logical")
                        .setting("max_connections", "40")
                        .start());
    }

    @AfterAll
    static void stopServer() {
        servers.values().forEach(LocalPostgres::close);
    }

    @BeforeEach
    void twoEmptyDatabases() throws SQLException {
        run(
                settings("postgres"),
                "drop database if exists source with (force)",
                "drop database if exists target with (force)",
                "do $$ begin if exists (select 1 from pg_catalog.pg_roles where rolname = 'weak') "
                        + "then drop owned by weak; drop role weak; end if; end $$",
                "create role weak login password 'weak'",
                "create database source",
                "create database target");
    }

    @Test
    void theSizeIsAlwaysTold() throws SQLException {
        run(source(), "create table public.t (id int primary key, v text)");

        assertThat(of("CO-1223")).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.INFORMS);
            assertThat(finding.message()).startsWith("The tables have 0 MB").contains("1 second");
        });
    }

    @Test
    void partitionsAndChildrenAreTold() throws SQLException {
        run(
                source(),
                "create table public.parted (id int primary key) partition by range (id)",
                "create table public.part partition of public.parted for values from (1) to (9) partition by range (id)",
                "create table public.parent (id int primary key)",
                "create table public.child (primary key (id)) inherits (public.parent)");

        assertThat(of("CO-1224"))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.message()).contains("public.parted.").doesNotContain("part,"));
        assertThat(of("CO-1225"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("from public.parent."));
    }

    @Test
    void aDatabaseThatWasLeftReadOnlyIsFoundOnBothSidesUntilItsFixWasRun() throws SQLException {
        run(settings("postgres"), "alter database source set default_transaction_read_only = on");
        run(settings("postgres"), "alter database target set default_transaction_read_only = on");

        List<Finding> onSource = of("CO-1222");
        List<Finding> onTarget = of("CO-1314");

        assertThat(onSource).hasSize(1);
        assertThat(onTarget).hasSize(1);
        for (FixCommand command : List.of(
                onSource.get(0).commands().get(0), onTarget.get(0).commands().get(0))) {
            run(settings("postgres"), "set default_transaction_read_only = off", command.line());
        }
        assertThat(codes()).doesNotContain("CO-1222", "CO-1314");
    }

    @Test
    void aDatabaseWhoseSessionsHaveTheReplicaRoleIsFound() throws SQLException {
        run(settings("postgres"), "alter database target set session_replication_role = replica");
        assertThat(codes()).contains("CO-1319");

        run(settings("postgres"), "alter database target reset session_replication_role");
        assertThat(codes()).doesNotContain("CO-1319");
    }

    @Test
    void theLeastLimitOfConnectionsCounts() throws SQLException {
        run(settings("postgres"), "alter role weak connection limit 8", "grant all on database source, target to weak");
        assertThat(codes(weak("source"), weak("target"))).contains("CO-1115", "CO-1315");

        run(settings("postgres"), "alter role weak connection limit 40");
        assertThat(codes(weak("source"), weak("target"))).doesNotContain("CO-1115", "CO-1315");

        run(settings("postgres"), "alter database source connection limit 8");
        assertThat(codes(weak("source"), weak("target"))).contains("CO-1115").doesNotContain("CO-1315");
    }

    @Test
    void anotherMigrationOfTheDatabaseIsFoundByItsSlot() throws SQLException {
        run(source(), "select pg_catalog.pg_create_logical_replication_slot('changeover_other_shop', 'pgoutput')");
        try {
            assertThat(of("CO-1018"))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.message()).contains("changeover_other_shop"));
        } finally {
            run(source(), "select pg_catalog.pg_drop_replication_slot('changeover_other_shop')");
        }
        assertThat(codes()).doesNotContain("CO-1018");
    }

    /** As on a server in FIPS mode, as far as the role can tell. */
    @Test
    void whoCallsMd5IsFoundIfTheTargetRefusesIt() throws SQLException {
        run(
                source(),
                "create table public.t (id int primary key, v text, g text generated always as (md5(v)) stored,"
                        + " d text default md5('x'), constraint c check (md5(v) <> ''))",
                "create index by_md5 on public.t (md5(v))",
                "create function public.f() returns text language sql as 'select md5(''x'')'",
                "create function public.g() returns text language sql return md5('x')",
                "create function public.amd5() returns text language sql as 'select ''amd5(''::text'",
                "create view public.w as select md5(v) from public.t");
        assertThat(codes()).doesNotContain("CO-1316", "CO-1317");

        run(settings("target"), "revoke execute on function pg_catalog.md5(text) from public");
        run(settings("postgres"), "grant all on database target to weak");
        List<Finding> found = check(source(), weak("target"));

        assertThat(found)
                .filteredOn(finding -> finding.code().equals("CO-1316"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains("constraint c of public.t", "generated column g of public.t", "index public.by_md5"));
        assertThat(found)
                .filteredOn(finding -> finding.code().equals("CO-1317"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains(
                                "default of d of public.t",
                                "function public.f()",
                                "function public.g()",
                                "view public.w")
                        .doesNotContain("amd5"));
    }

    @Test
    void aCollationThatTheTargetLacksIsFoundWhereItIsUsed() throws SQLException {
        run(
                source(),
                "create table public.t (id int primary key, v text collate \"POSIX\", w text collate \"ucs_basic\")");
        run(settings("target"), "delete from pg_catalog.pg_collation where collname = 'ucs_basic'");

        assertThat(of("CO-1313"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).endsWith("does not have: ucs_basic."));

        run(source(), "alter table public.t alter w type text collate \"C\"");
        assertThat(codes()).doesNotContain("CO-1313");
    }

    @Test
    void anotherDefaultCollationIsTold() throws SQLException {
        run(
                settings("postgres"),
                "drop database target",
                "create database target lc_collate 'C' lc_ctype 'C' template template0");

        assertThat(of("CO-1318"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("c C C, and the source's c C.UTF-8"));
    }

    @Test
    void objectsThatAreNoTablesMakeATargetNotEmptyEither() throws SQLException {
        run(
                settings("target"),
                "create extension hstore",
                "create function public.f() returns int language sql as 'select 1'",
                "create type public.mood as enum ('ok')",
                "create view public.w as select 1 as one",
                "create sequence public.s",
                "create schema app");

        assertThat(of("CO-1304"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains(
                                "5 objects",
                                "function public.f",
                                "schema app",
                                "sequence public.s",
                                "type public.mood"));

        run(settings("target"), "drop function public.f", "drop type public.mood", "drop schema app");
        run(settings("target"), "drop view public.w", "drop sequence public.s");
        assertThat(codes()).doesNotContain("CO-1304");
    }

    @Test
    void whatFiresInTheReplicaRoleIsTold() throws SQLException {
        run(
                source(),
                "create table public.t (id int primary key)",
                "create function public.f() returns trigger language plpgsql as 'begin return new; end'",
                "create trigger always before insert on public.t for each row execute function public.f()",
                "create trigger plain before insert on public.t for each row execute function public.f()",
                "alter table public.t enable always trigger always");

        assertThat(of("CO-1414"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message())
                        .contains("trigger always of public.t")
                        .doesNotContain("plain"));
        run(source(), "alter table public.t enable trigger always");
        assertThat(codes()).doesNotContain("CO-1414");
    }

    @Test
    void aDatabaseCannotGoToItself() {
        assertThat(codes(source(), source())).contains("CO-1017");
        assertThat(codes()).doesNotContain("CO-1017");
    }

    @Test
    void aClockThatDiffersIsFound() {
        Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-630));

        assertThat(new Preflight(() -> TOOLS, behind)
                        .check(request(source(), settings("target")))
                        .findings())
                .filteredOn(finding -> finding.code().equals("CO-1016"))
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding.message()).contains("10 minutes ahead of"));
        assertThat(codes()).doesNotContain("CO-1016");
    }

    @Test
    void howMuchWalASlotMayKeepIsTold() throws SQLException {
        List<Finding> unlimited = of("CO-1113");
        assertThat(unlimited).hasSize(1);
        try {
            for (FixCommand command : unlimited.get(0).commands()) {
                run(settings("postgres"), command.line());
            }
            assertThat(codes()).doesNotContain("CO-1113", "CO-1114");
            run(settings("postgres"), "alter system set max_slot_wal_keep_size = '9GB'", "select pg_reload_conf()");
            assertThat(codes()).contains("CO-1114").doesNotContain("CO-1113");
        } finally {
            run(settings("postgres"), "alter system reset max_slot_wal_keep_size", "select pg_reload_conf()");
        }
    }

    private static List<Finding> of(String code) {
        return check(source(), settings("target")).stream()
                .filter(finding -> finding.code().equals(code))
                .toList();
    }

    private static List<String> codes() {
        return codes(source(), settings("target"));
    }

    private static List<String> codes(ServerSettings source, ServerSettings target) {
        return check(source, target).stream().map(Finding::code).toList();
    }

    private static List<Finding> check(ServerSettings source, ServerSettings target) {
        return new Preflight(() -> TOOLS, Clock.systemUTC())
                .check(request(source, target))
                .findings();
    }

    private static PreflightRequest request(ServerSettings source, ServerSettings target) {
        return new PreflightRequest(
                List.of(new Pair(source, target, "changeover_m_source", "changeover_m_source", TableSelection.ALL)),
                SchemaMode.COPY,
                ReplicaIdentityMode.KEEP,
                false);
    }

    private static ServerSettings source() {
        return settings("source");
    }

    private static ServerSettings settings(String database) {
        return Objects.requireNonNull(servers.get("one")).settings(database);
    }

    private static ServerSettings weak(String database) {
        return Objects.requireNonNull(servers.get("one")).settings(database, "weak", "weak");
    }

    private static void run(ServerSettings server, String... statements) throws SQLException {
        try (Connection connection = Connections.open(server, "changeover test");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
