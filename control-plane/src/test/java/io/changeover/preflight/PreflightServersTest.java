package io.changeover.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.preflight.PreflightRequest.Pair;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole preflight against a PostgreSQL 14 and a 17: every statement runs, and finds what was put there. */
@Timeout(120)
class PreflightServersTest {

    private static final Tools TOOLS = new Tools(Map.of("pg_dump", 17, "pg_restore", 17, "psql", 17));

    /** How WAL is kept, and how large the database is. */
    private static final Set<String> ALWAYS = Set.of("CO-1113", "CO-1223");

    private static Map<String, LocalPostgres> servers = Map.of();

    private final Preflight preflight = new Preflight(() -> TOOLS, Clock.systemUTC());

    @BeforeAll
    static void startServers() throws IOException {
        servers = Map.of("source", start(14), "target", start(17));
    }

    private static LocalPostgres start(int major) throws IOException {
        return LocalPostgres.builder(major)
                .setting("wal_level", "logical")
                .setting("max_prepared_transactions", "2")
                .start();
    }

    @AfterAll
    static void stopServers() {
        servers.values().forEach(LocalPostgres::close);
    }

    @BeforeEach
    void twoEmptyDatabasesAndARoleWithoutRights() throws SQLException {
        for (String side : List.of("source", "target")) {
            run(
                    server(side).settings("postgres"),
                    "drop database if exists shop with (force)",
                    "do $$ begin if exists (select 1 from pg_catalog.pg_roles where rolname = 'weak') "
                            + "then drop owned by weak; drop role weak; end if; end $$",
                    "create role weak login password 'weak'",
                    "create database shop");
        }
    }

    @Test
    void aSuperuserAndEmptyTargetGiveNoFinding() throws SQLException {
        run(owner("source"), "create table public.good (id int primary key)", "create extension hstore");

        assertThat(check(request(owner("source"), owner("target"), SchemaMode.COPY)))
                .isEmpty();
    }

    @Test
    void whatTheSourceHasIsFound() throws SQLException {
        run(
                owner("source"),
                "create table public.good (id int primary key)",
                "create table public.\"No \"\"Key\" (id int)",
                "create table public.deferrable_key (id int primary key deferrable)",
                "create table public.full_row (id int)",
                "alter table public.full_row replica identity full",
                "create table public.by_index (id int not null unique)",
                "alter table public.by_index replica identity using index by_index_id_key",
                "create table public.nothing (id int primary key)",
                "alter table public.nothing replica identity nothing",
                "create table public.parted (id int, primary key (id)) partition by range (id)",
                "create table public.part partition of public.parted for values from (1) to (9)",
                "create table public.leaf_default partition of public.parted default",
                "create table public.keyless_parted (id int) partition by range (id)",
                "create table public.keyless_part partition of public.keyless_parted default",
                "create table public.by_dropped_index (id int not null unique)",
                "alter table public.by_dropped_index replica identity using index by_dropped_index_id_key",
                "alter table public.by_dropped_index drop constraint by_dropped_index_id_key",
                "create table public.no_columns ()",
                "create schema changeover",
                "create table changeover.orders (id int primary key)",
                "create unlogged table public.unlogged (id int)",
                "create foreign data wrapper fdw",
                "create server far foreign data wrapper fdw",
                "create foreign table public.far (id int) server far",
                "select pg_catalog.lo_create(0)",
                "create publication changeover_m_shop for table public.good");

        List<Finding> findings = check(request(owner("source"), owner("target"), SchemaMode.COPY));

        assertThat(findings)
                .extracting(Finding::code, Finding::object)
                .containsExactlyInAnyOrder(
                        tuple("CO-1010", "source database shop"),
                        tuple("CO-1203", "source database shop, table public.No \"Key"),
                        tuple("CO-1203", "source database shop, table public.deferrable_key"),
                        tuple("CO-1203", "source database shop, table public.nothing"),
                        tuple("CO-1203", "source database shop, table public.keyless_part"),
                        tuple("CO-1203", "source database shop, table public.by_dropped_index"),
                        tuple("CO-1203", "source database shop, table public.no_columns"),
                        tuple("CO-1206", "source database shop"),
                        tuple("CO-1207", "source database shop"),
                        tuple("CO-1209", "source database shop"),
                        tuple("CO-1211", "source database shop"),
                        tuple("CO-1224", "source database shop"));
    }

    @Test
    void tablesThatBecomeFullAreNoObstacle() throws SQLException {
        run(
                owner("source"),
                "create table public.keyless (id int)",
                "create table public.nothing (id int primary key)",
                "alter table public.nothing replica identity nothing",
                "create table public.good (id int primary key)");
        PreflightRequest request = new PreflightRequest(
                request(owner("source"), owner("target"), SchemaMode.COPY).pairs(),
                SchemaMode.COPY,
                ReplicaIdentityMode.FULL_WHERE_MISSING,
                false);

        assertThat(check(request)).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("CO-1210");
            assertThat(finding.severity()).isEqualTo(Severity.INFORMS);
            assertThat(finding.message())
                    .contains("public.keyless, public.nothing")
                    .doesNotContain("public.good");
        });
    }

    @Test
    void aRoleThatMayNotMakeEventTriggersIsFoundUntilTheFixWasRun() throws SQLException {
        run(server("source").settings("postgres"), "create role watcher login replication password 'weak'");
        PreflightRequest request =
                request(server("source").settings("shop", "watcher", "weak"), owner("target"), SchemaMode.COPY);
        assertThat(check(request)).extracting(Finding::code).doesNotContain("CO-1226");

        List<Finding> found = check(request.withEventTrigger()).stream()
                .filter(finding -> finding.code().equals("CO-1226"))
                .toList();
        assertThat(found).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.BLOCKS);
            assertThat(finding.message()).contains("The role watcher is neither");
        });
        run(
                server("source").settings("postgres"),
                found.get(0).commands().get(0).line());
        try {
            assertThat(check(request.withEventTrigger()))
                    .extracting(Finding::code)
                    .doesNotContain("CO-1226");
        } finally {
            run(server("source").settings("postgres"), "drop role watcher");
        }
    }

    /** A membership that is not inherited is no right: nothing of Changeover does SET ROLE. */
    @ParameterizedTest
    @ValueSource(strings = {"source", "target"})
    void aMemberOfTheOwnerHasItsRightsOnlyIfItInherits(String side) throws SQLException {
        run(
                server(side).settings("postgres"),
                "do $$ begin if exists (select 1 from pg_catalog.pg_roles where rolname = 'app') "
                        + "then drop role app; end if; end $$",
                "create role app",
                "drop role weak",
                "create role weak login password 'weak' replication noinherit",
                "grant app, pg_signal_backend, pg_monitor to weak",
                "alter database shop owner to app");
        run(
                owner(side),
                "create table public.t (id int primary key)",
                "alter table public.t owner to app",
                "grant create on schema public to app");
        PreflightRequest request = request(weak(side), owner("target"), SchemaMode.COPY);
        List<Finding> before = sourceFindings(request);

        assertThat(before)
                .extracting(Finding::code)
                .containsExactlyInAnyOrder("CO-1107", "CO-1110", "CO-1201", "CO-1202", "CO-1204", "CO-1208");
        assertThatThrownBy(() -> run(weak(side), "create publication p for table only public.t"))
                .hasMessageContaining("permission denied");
        for (Finding finding : before) {
            if (!List.of("CO-1202", "CO-1204").contains(finding.code())) {
                run(owner(side), finding.fix().replaceFirst("; or connect .*", ";"));
            }
        }

        assertThat(sourceFindings(request)).isEmpty();
        run(
                weak(side),
                "create publication p for table only public.t",
                "alter table public.t replica identity full",
                "drop publication p");
        run(owner(side), "alter database shop owner to postgres", "drop table public.t");
    }

    private List<Finding> check(PreflightRequest request) {
        return preflight.check(request).findings().stream()
                .filter(finding -> !ALWAYS.contains(finding.code()))
                .toList();
    }

    private List<Finding> sourceFindings(PreflightRequest request) {
        return check(request).stream()
                .filter(finding -> finding.code().matches("CO-1[12].."))
                .toList();
    }

    @Test
    void anEncodingThatSaysNothingIsWarnedOf() throws SQLException {
        run(
                server("source").settings("postgres"),
                "drop database shop",
                "create database shop encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0");

        assertThat(check(request(owner("source"), owner("target"), SchemaMode.COPY)))
                .extracting(Finding::code)
                .containsExactly("CO-1212", "CO-1318");
    }

    @Test
    void theFixesOfARoleWithoutRightsMakeTheFindingsGo() throws SQLException {
        run(
                owner("source"),
                "create table public.good (id int primary key)",
                "create table public.hidden (id int primary key)",
                "alter table public.hidden enable row level security");
        PreflightRequest request = request(weak("source"), weak("target"), SchemaMode.COPY);

        List<Finding> before = check(request);

        assertThat(before)
                .extracting(Finding::code)
                .containsExactlyInAnyOrder(
                        "CO-1104", "CO-1107", "CO-1110", "CO-1201", "CO-1202", "CO-1204", "CO-1205", "CO-1208",
                        "CO-1302", "CO-1303");

        for (Finding finding : before) {
            boolean onTarget = finding.code().startsWith("CO-13");
            String fix = finding.fix().replace("as a superuser: ", "").replaceFirst("; or connect .*", ";");
            run(owner(onTarget ? "target" : "source"), fix);
        }

        assertThat(check(request)).isEmpty();
    }

    @Test
    void aTableOfTheTargetHasToBeThereCompleteAndEmpty() throws SQLException {
        run(
                owner("source"),
                "create table public.missing (id int primary key)",
                "create table public.narrow (id int primary key, price int)",
                "create table public.filled (id int primary key)",
                "create table public.ready (id int primary key)");
        run(
                owner("target"),
                "create table public.narrow (id int primary key)",
                "create table public.filled (id int primary key)",
                "insert into public.filled values (1)",
                "create table public.ready (id int primary key, more int)");

        assertThat(check(request(owner("source"), owner("target"), SchemaMode.EXISTING)))
                .extracting(Finding::code, Finding::object)
                .containsExactly(
                        tuple("CO-1307", "target database shop, table public.filled"),
                        tuple("CO-1305", "target database shop, table public.missing"),
                        tuple("CO-1306", "target database shop, table public.narrow"));
        assertThat(check(request(owner("source"), owner("target"), SchemaMode.COPY)))
                .extracting(Finding::code)
                .containsExactly("CO-1304");
    }

    @Test
    void aTargetTableThatTheRoleMayNotWriteIsFound() throws SQLException {
        run(owner("source"), "create table public.ready (id int primary key)");
        run(owner("target"), "create table public.ready (id int primary key)");

        assertThat(check(request(owner("source"), weak("target"), SchemaMode.EXISTING)))
                .extracting(Finding::code)
                .contains("CO-1308");
    }

    @Test
    void whatTheRoleCannotSetAsideIsFoundUntilItMayTakeTheReplicaRole() throws SQLException {
        run(owner("source"), "create table public.ready (id int primary key)");
        run(
                owner("target"),
                "create table public.ready (id int primary key)",
                "create function public.f() returns trigger language plpgsql as 'begin return new; end'",
                "create trigger fires before insert on public.ready for each row execute function public.f()",
                "create trigger quiet before insert on public.ready for each row execute function public.f()",
                "alter table public.ready disable trigger quiet");
        PreflightRequest request = request(owner("source"), weak("target"), SchemaMode.EXISTING);

        assertThat(of("CO-1411", request)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.BLOCKS);
            assertThat(finding.message()).contains("trigger fires of public.ready");
        });

        run(owner("target"), "grant set on parameter session_replication_role to weak");
        assertThat(of("CO-1411", request)).isEmpty();

        run(owner("target"), "alter table public.ready enable always trigger fires");
        assertThat(of("CO-1411", request)).hasSize(1);
        run(owner("target"), "alter table public.ready owner to weak");
        assertThat(of("CO-1411", request)).isEmpty();
    }

    @Test
    void eventTriggersAreWarnedOfThatFireForTheRole() throws SQLException {
        run(
                owner("target"),
                "create function public.e() returns event_trigger language plpgsql as 'begin end'",
                "create event trigger audit on ddl_command_end execute function public.e()",
                "create event trigger off on ddl_command_end execute function public.e()",
                "alter event trigger off disable");
        PreflightRequest request = request(owner("source"), weak("target"), SchemaMode.COPY);

        assertThat(of("CO-1412", request)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNS);
            assertThat(finding.message()).contains("audit").doesNotContain("off");
        });

        run(owner("target"), "grant set on parameter session_replication_role to weak");
        assertThat(of("CO-1412", request))
                .as("what is put back at the cutover is altered in the ordinary role")
                .hasSize(1);
        run(owner("target"), "alter event trigger audit enable replica");
        assertThat(of("CO-1412", request)).isEmpty();
    }

    @Test
    void rowSecurityThatWouldBeForcedOnTheRoleIsFound() throws SQLException {
        run(
                owner("source"),
                "create table public.forced (id int primary key)",
                "alter table public.forced enable row level security, force row level security",
                "create table public.unforced (id int primary key)",
                "alter table public.unforced enable row level security");
        PreflightRequest request = request(owner("source"), weak("target"), SchemaMode.COPY);

        assertThat(of("CO-1413", request)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.BLOCKS);
            assertThat(finding.object()).isEqualTo("target database shop, table public.forced");
        });

        run(owner("target"), "alter role weak bypassrls");
        assertThat(of("CO-1413", request)).isEmpty();
    }

    private List<Finding> of(String code, PreflightRequest request) {
        return check(request).stream()
                .filter(finding -> finding.code().equals(code))
                .toList();
    }

    @Test
    void whatAnotherMigrationLeftBehindBlocksUnlessItIsResumed() throws SQLException {
        run(owner("target"), "create schema changeover");
        run(owner("source"), "select pg_catalog.pg_create_logical_replication_slot('changeover_m_shop', 'pgoutput')");
        try {
            PreflightRequest first = request(owner("source"), owner("target"), SchemaMode.COPY);

            assertThat(check(first)).extracting(Finding::code).containsExactly("CO-1009", "CO-1011");
            assertThat(check(new PreflightRequest(first.pairs(), SchemaMode.COPY, ReplicaIdentityMode.KEEP, true)))
                    .isEmpty();
        } finally {
            run(owner("source"), "select pg_catalog.pg_drop_replication_slot('changeover_m_shop')");
        }
    }

    @Test
    void preparedTransactionsAreFound() throws SQLException {
        run(owner("source"), "create table public.good (id int primary key)");
        run(owner("source"), "begin; insert into public.good values (1); prepare transaction 'it''s'");
        try {
            assertThat(check(request(owner("source"), owner("target"), SchemaMode.COPY)))
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.code()).isEqualTo("CO-1108");
                        assertThat(finding.fix()).endsWith("rollback prepared 'it''s';");
                    });
        } finally {
            run(owner("source"), "rollback prepared 'it''s'");
        }
    }

    @Test
    void aConnectionThatFailsSaysWhatItFailedOf() {
        ServerSettings good = owner("source");
        assertThat(codes(server("source").settings("shop", "postgres", "wrong")))
                .containsExactly("CO-1003");
        assertThat(codes(good.withDatabase("no such"))).containsExactly("CO-1004");
        assertThat(codes(new ServerSettings("127.0.0.1", 1, "shop", "co", "pw", "disable", Optional.empty())))
                .containsExactly("CO-1001");
        assertThat(codes(
                        new ServerSettings("no.such.host.invalid", 1, "shop", "co", "pw", "disable", Optional.empty())))
                .containsExactly("CO-1014", "CO-1001");
        assertThat(codes(new ServerSettings(
                        good.host(), good.port(), "shop", good.user(), good.password(), "require", Optional.empty())))
                .containsExactly("CO-1002");
    }

    @Test
    void largeObjectsHaveToBeReadableAndTheirNumbersFree() throws SQLException {
        run(
                owner("source"),
                "select lo_create(4711)",
                "select lo_create(4712)",
                "grant select on large object 4712 to weak");
        run(owner("target"), "select lo_create(4713)");

        assertThat(check(request(owner("source"), owner("target"), SchemaMode.COPY)))
                .extracting(Finding::code)
                .contains("CO-1209", "CO-1311")
                .doesNotContain("CO-1220");
        assertThat(check(request(weak("source"), owner("target"), SchemaMode.COPY)))
                .filteredOn(finding -> finding.code().equals("CO-1220"))
                .extracting(Finding::message)
                .containsExactly("The role weak may not read 1 of 2 large objects.");
    }

    @Test
    void whatIsLeftOutIsTold() throws SQLException {
        run(
                owner("source"),
                "create table public.gone (id int primary key)",
                "create table public.child (id int primary key, gone int references public.gone)",
                "create table public.heir () inherits (public.gone)",
                "create table public.there (id int primary key)",
                "create view public.reader as select id from public.gone");
        run(owner("target"), "create table public.there (id int primary key)");
        TableSelection torn = new TableSelection(
                List.of(), List.of("public.gone", "public.typo"), List.of(), List.of("public.there"));
        TableSelection whole = new TableSelection(
                List.of(), List.of(), List.of("public.gone", "public.child", "public.heir"), List.of("public.there"));

        assertThat(check(request(torn)))
                .filteredOn(finding -> finding.code().compareTo("CO-1216") >= 0)
                .filteredOn(finding -> !finding.code().equals("CO-1303"))
                .extracting(
                        Finding::code,
                        finding -> finding.message().contains("typo")
                                || finding.message().contains("public.gone")
                                || finding.message().contains("public.reader"))
                .containsExactlyInAnyOrder(
                        tuple("CO-1216", true),
                        tuple("CO-1217", true),
                        tuple("CO-1218", true),
                        tuple("CO-1219", true),
                        tuple("CO-1225", true));
        assertThat(check(request(whole)))
                .extracting(Finding::code)
                .doesNotContain("CO-1216", "CO-1217", "CO-1218", "CO-1219", "CO-1203", "CO-1304");
    }

    private static PreflightRequest request(TableSelection tables) {
        Pair pair = new Pair(owner("source"), owner("target"), "changeover_m_shop", "changeover_m_shop", tables);
        return new PreflightRequest(List.of(pair), SchemaMode.COPY, ReplicaIdentityMode.KEEP, false);
    }

    private List<String> codes(ServerSettings source) {
        return check(request(source, owner("target"), SchemaMode.COPY)).stream()
                .map(Finding::code)
                .toList();
    }

    private static PreflightRequest request(ServerSettings source, ServerSettings target, SchemaMode schema) {
        Pair pair = new Pair(source, target, "changeover_m_shop", "changeover_m_shop", TableSelection.ALL);
        return new PreflightRequest(List.of(pair), schema, ReplicaIdentityMode.KEEP, false);
    }

    private static ServerSettings owner(String side) {
        return server(side).settings("shop");
    }

    private static ServerSettings weak(String side) {
        return server(side).settings("shop", "weak", "weak");
    }

    private static LocalPostgres server(String side) {
        return Objects.requireNonNull(servers.get(side));
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
