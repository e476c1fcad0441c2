package io.changeover.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the event triggers of the source record, and that no statement of an application fails by them. */
@Timeout(60)
class DdlRecorderTest {

    private static final int PARTITIONED_KEYS = 11;
    private static final int DETACHED_BESIDE = 14;

    /** All that could be ours. */
    private static final String OBJECTS = """
            select 'schema ' || nspname from pg_namespace where nspname = 'changeover'
            union all select 'trigger ' || evtname from pg_event_trigger
            union all select 'relation ' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'changeover'
            union all select 'function ' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where n.nspname = 'changeover' order by 1""";

    private static final Map<Integer, LocalPostgres> SERVERS = new TreeMap<>();
    private static int number;

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(LocalPostgres::close);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 17})
    void statementsAreToldByTableWithWhoAndWhere(int major) throws SQLException {
        ServerSettings source = database(major);
        DdlRecorder.create(source, "p");
        try (Connection alice = session(source, "alice", "psql")) {
            execute(
                    alice,
                    "create table public.t (id int primary key, v text); create table public.other (id serial)",
                    "alter table public.t add c int default 7",
                    "alter table public.t rename v to w",
                    "create type public.mood as enum ('sad')",
                    "alter table public.other add m public.mood",
                    "alter type public.mood add value 'happy'",
                    "alter table public.t alter id type bigint",
                    "alter table public.t drop w",
                    "create index on public.t (id)",
                    "create view public.v as select id from public.t",
                    "create temp table temporary (id int)",
                    "drop view public.v",
                    "alter table public.t rename to renamed");
            execute(alice, "set role bob", "create table public.bobs (id int)", "drop table public.bobs");
        }

        Map<TableName, List<DdlStatement>> recorded = read(source).byTable();
        assertThat(texts(recorded, "renamed"))
                .containsExactly(
                        "create table public.t (id int primary key, v text); create table public.other (id serial)",
                        "alter table public.t add c int default 7",
                        "alter table public.t rename v to w",
                        "alter table public.t alter id type bigint",
                        "alter table public.t drop w",
                        "alter table public.t rename to renamed");
        assertThat(texts(recorded, "other"))
                .containsExactly(
                        "create table public.t (id int primary key, v text); create table public.other (id serial)",
                        "create type public.mood as enum ('sad')",
                        "alter table public.other add m public.mood",
                        "alter type public.mood add value 'happy'");
        assertThat(recorded.get(new TableName("public", "bobs")))
                .singleElement()
                .satisfies(drop -> {
                    assertThat(drop.role()).isEqualTo("bob");
                    assertThat(drop.application()).isEqualTo("psql");
                    assertThat(drop.tag()).isEqualTo("DROP TABLE");
                    assertThat(drop.words()).startsWith("drop table public.bobs (by bob in psql at 20");
                });
        assertThat(recorded.keySet()).doesNotContain(new TableName("public", "v"));
        assertThat(ask(source, "select count(*) from changeover.ddl where object ~ 'temporary'"))
                .containsExactly("0");
        assertThat(ask(source, "select tag || ' ' || object from changeover.ddl where event = 'table_rewrite'"))
                .contains("ALTER TABLE public.t");
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 17})
    void passwordsAndOurOwnStatementsAreNotRecorded(int major) throws SQLException {
        ServerSettings source = database(major);
        DdlRecorder.create(source, "p");
        String secret = "tiger-4711";
        try (Connection superuser = session(source, "changeover", "admin")) {
            execute(
                    superuser,
                    "create foreign data wrapper w",
                    "create server s foreign data wrapper w",
                    "create user mapping for current_user server s options (user 'u', password '" + secret + "')",
                    "alter role bob password '" + secret + "'",
                    "create table public.t (id int); alter role bob password '" + secret + "'",
                    "do $$ begin execute 'alter table public.t add c int';"
                            + " execute 'alter user bob with encrypted password ''" + secret + "'''; end $$",
                    "alter table public.t add d int; alter user mapping for current_user server s options (set user '"
                            + secret + "')");
        }
        try (Connection ours = Connections.open(source, "changeover-schema")) {
            execute(ours, "alter table public.t replica identity full", "create table public.ours (id int)");
        }

        assertThat(ask(source, "select d::text from changeover.ddl d"))
                .isNotEmpty()
                .noneMatch(row -> row.contains(secret));
        assertThat(texts(read(source).byTable(), "t")).hasSize(3).allMatch(text -> text.startsWith("(left out"));
        assertThat(read(source).byTable()).doesNotContainKey(new TableName("public", "ours"));
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 17})
    void noStatementOfAnApplicationFails(int major) throws SQLException {
        ServerSettings source = database(major);
        DdlRecorder.create(source, "p");
        try (Connection alice = session(source, "alice", "psql")) {
            assertThat(ask(source, "select has_schema_privilege('alice', 'changeover', 'usage')"))
                    .containsExactly("f");
            execute(alice, "begin", "create table public.undone (id int)", "rollback");
            execute(alice, "set default_transaction_read_only = on");
            assertThatThrownBy(() -> execute(alice, "create table public.t (id int)"))
                    .hasMessageContaining("read-only transaction");
            execute(alice, "set default_transaction_read_only = off", "create table public.t (id int, v text)");
            assertThat(ask(source, "select object from changeover.ddl")).containsExactly("public.t");
            if (major >= PARTITIONED_KEYS) {
                execute(
                        alice,
                        "create table public.parted (id int primary key) partition by range (id)",
                        "create table public.part partition of public.parted for values from (0) to (9)");
            }
            if (major >= DETACHED_BESIDE) {
                execute(alice, "alter table public.parted detach partition public.part concurrently");
            }

            // somebody else holds the record for long, has taken away a right, or all of it
            try (Connection superuser = Connections.open(source, "admin")) {
                execute(superuser, "begin", "lock table changeover.ddl in access exclusive mode");
                execute(alice, "alter table public.t add waited int");
                execute(superuser, "rollback", "alter function changeover.record_ddl() owner to bob");
                execute(alice, "alter table public.t add unprivileged int");
                execute(superuser, "drop table changeover.ddl cascade");
                execute(alice, "alter table public.t drop v", "alter table public.t alter id type bigint");
            }
            execute(alice, "drop table public.t");
        }
        assertThat(read(source).byTable()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 17})
    void theLastOfSeveralMigrationsTakesEverythingAway(int major) throws SQLException {
        ServerSettings source = database(major);
        DdlRecorder.drop(source, "p");
        DdlRecorder.create(source, "p");
        List<String> made = ask(source, OBJECTS);
        assertThat(made).contains("function record_ddl", "relation ddl", "trigger changeover_ddl_sql_drop");
        DdlRecorder.create(source, "p");
        DdlRecorder.create(source, "q");
        assertThat(ask(source, OBJECTS)).isEqualTo(made);

        DdlRecorder.drop(source, "p");
        assertThat(ask(source, OBJECTS)).isEqualTo(made);
        DdlRecorder.drop(source, "q");
        assertThat(ask(source, OBJECTS)).isEmpty();
        DdlRecorder.drop(source, "q");
    }

    /** All of it or nothing is there, wherever it ends. */
    @ParameterizedTest
    @ValueSource(ints = {9, 17})
    void whatASessionThatEndedHasBegunIsNotThere(int major) throws SQLException {
        ServerSettings source = database(major);
        try (Connection superuser = Connections.open(source, "admin")) {
            execute(
                    superuser,
                    "create function public.refuse() returns event_trigger language plpgsql as"
                            + " 'begin perform pg_terminate_backend(pg_backend_pid()); end'");
            for (String tag : List.of("CREATE SCHEMA", "CREATE TABLE", "CREATE FUNCTION")) {
                execute(
                        superuser,
                        "create event trigger refuse on ddl_command_end when tag in ('" + tag
                                + "') execute procedure public.refuse()");
                assertThatThrownBy(() -> DdlRecorder.create(source, "p")).isInstanceOf(SQLException.class);
                execute(superuser, "drop event trigger refuse");
                assertThat(ask(source, OBJECTS)).as(tag).isEmpty();
            }
            DdlRecorder.create(source, "p");
            List<String> made = ask(source, OBJECTS);
            execute(
                    superuser,
                    "create event trigger refuse on ddl_command_end when tag in ('DROP TABLE')"
                            + " execute procedure public.refuse()");
            assertThatThrownBy(() -> DdlRecorder.drop(source, "p")).isInstanceOf(SQLException.class);
            execute(superuser, "drop event trigger refuse");
            assertThat(ask(source, OBJECTS)).isEqualTo(made);
        }
        DdlRecorder.drop(source, "p");
        assertThat(ask(source, OBJECTS)).isEmpty();
    }

    /** What was dealt with is kept for people, but not shown any more. */
    @ParameterizedTest
    @ValueSource(ints = {9, 17})
    void onlyWhatIsNotSettledIsShown(int major) throws SQLException {
        ServerSettings source = database(major);
        DdlRecorder.create(source, "p");
        try (Connection alice = session(source, "alice", "psql")) {
            execute(alice, "create table public.t (id int)", "create table public.u (id int)");
            DdlStatements first = read(source);
            DdlChange change = new DdlChange(DdlChange.Kind.ALTERED, t(), t(), "", List.of(), false, true)
                    .with(first.byTable().get(t()));
            execute(alice, "alter table public.u add c int");
            try (Connection connection = Connections.open(source, "changeover-observer")) {
                DdlStatements.settle(connection, first.settledBy(List.of(change)));
            }
        }

        assertThat(texts(read(source).byTable(), "t")).containsExactly("create table public.t (id int)");
        assertThat(texts(read(source).byTable(), "u")).containsExactly("alter table public.u add c int");
        assertThat(ask(source, "select count(*) from changeover.ddl")).containsExactly("3");
    }

    private static TableName t() {
        return new TableName("public", "t");
    }

    private static List<String> texts(Map<TableName, List<DdlStatement>> recorded, String table) {
        return recorded.getOrDefault(new TableName("public", table), List.of()).stream()
                .map(DdlStatement::text)
                .toList();
    }

    private static DdlStatements read(ServerSettings source) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-test")) {
            return DdlStatements.read(connection);
        }
    }

    /** Sends what it is given in one message, as psql does with -c. */
    private static Connection session(ServerSettings source, String role, String application) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + source.host() + ":" + source.port() + "/"
                + source.database() + "?user=" + role + "&password=p&preferQueryMode=simple&ApplicationName="
                + application);
    }

    /** A new one, whose role is a superuser; alice and bob have no rights but in schema public. */
    private static ServerSettings database(int major) throws SQLException {
        boolean isNew = !SERVERS.containsKey(major);
        LocalPostgres server = SERVERS.computeIfAbsent(
                major, version -> LocalPostgres.builder(version).fsync(false).start());
        String name = "ddl_" + ++number;
        try (Connection superuser = Connections.open(server.settings("postgres"), "changeover-test")) {
            if (isNew) {
                execute(
                        superuser,
                        "create role bob",
                        "create role alice login password 'p' in role bob",
                        "create role changeover login superuser password 'p'");
            }
            execute(superuser, "create database " + name);
        }
        ServerSettings source = server.settings(name, "changeover", "p");
        try (Connection owner = Connections.open(source, "changeover-test")) {
            execute(owner, "grant all on schema public to public");
        }
        return source;
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> ask(ServerSettings source, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = Connections.open(source, "changeover-test");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
