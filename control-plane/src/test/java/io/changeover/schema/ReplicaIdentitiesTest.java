package io.changeover.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ReplicaIdentity;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tables can be published, by the server's own word, and what is done about the others and undone. */
@Timeout(120)
class ReplicaIdentitiesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(600);

    /** Every way to have, and not to have, an identity; all belong to the role app. */
    private static final String[] TABLES = {
        "create table public.keyed (id int primary key, v int)",
        "create table public.deferrable_key (id int primary key deferrable, v int)",
        "create table public.keyless (v int, j json, x xml, p point)",
        "create table public.unique_only (id int not null unique, v int)",
        "create table public.no_columns ()",
        "create table public.whole (v int)",
        "alter table public.whole replica identity full",
        "create table public.whole_without_columns ()",
        "alter table public.whole_without_columns replica identity full",
        "create table public.nothing (id int primary key, v int)",
        "alter table public.nothing replica identity nothing",
        "create table public.by_index (id int not null, v int)",
        "create unique index another on public.by_index (v, id)",
        "create unique index by_index_key on public.by_index (id)",
        "alter table public.by_index replica identity using index by_index_key",
        "create table public.by_dropped_index (id int not null unique, v int)",
        "alter table public.by_dropped_index replica identity using index by_dropped_index_id_key",
        "alter table public.by_dropped_index drop constraint by_dropped_index_id_key",
        "create table public.key_not_named (id int primary key, code int not null unique, v int)",
        "alter table public.key_not_named replica identity using index key_not_named_code_key",
        "alter table public.key_not_named drop constraint key_not_named_code_key",
        "create table public.root (id int not null, v int) partition by list (id)",
        "create table public.leaf_keyed partition of public.root (primary key (id)) for values in (1)",
        "create table public.leaf_keyless partition of public.root for values in (2)",
        "create table public.\"Leaf \"\"FULL\"\"\" partition of public.root for values in (3)",
        "alter table public.\"Leaf \"\"FULL\"\"\" replica identity full",
        "create table public.keyed_root (id int primary key, v int) partition by list (id)",
        "create table public.keyed_leaf partition of public.keyed_root for values in (1)",
        "alter table only public.keyed_root replica identity nothing",
        "create table public.full_root (id int, v int) partition by list (id)",
        "alter table public.full_root replica identity full",
        "create table public.leaf_of_full_root partition of public.full_root for values in (1)",
        "create table public.base (id int primary key, v int)",
        "create table public.derived () inherits (public.base)",
        "create unlogged table public.unlogged (v int)"
    };

    private static Map<Integer, LocalPostgres> servers = Map.of();

    private final List<Connection> opened = new ArrayList<>();

    @BeforeAll
    static void startServers() throws SQLException {
        servers = Map.of(14, start(14), 17, start(17));
        for (LocalPostgres server : servers.values()) {
            run(
                    server.settings("postgres"),
                    "create role app login password 'app'",
                    "create role changeover login password 'changeover' in role app");
        }
    }

    private static LocalPostgres start(int major) {
        return LocalPostgres.builder(major)
                .fsync(false)
                .setting("wal_level", "logical")
                .start();
    }

    @AfterAll
    static void stopServers() {
        servers.values().forEach(LocalPostgres::close);
    }

    @BeforeEach
    void createDatabases() throws SQLException {
        for (int major : List.of(14, 17)) {
            run(superuser(major).withDatabase("postgres"), "drop database if exists shop with (force)");
            run(superuser(major).withDatabase("postgres"), "create database shop owner app");
            run(superuser(major), "grant create on schema public to app");
        }
    }

    @AfterEach
    void closeConnections() throws SQLException {
        for (Connection connection : opened) {
            connection.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 17})
    void aTableIsUsableIfTheServerAcceptsUpdateAndDeleteWhenItIsPublished(int major) throws SQLException {
        run(as("app", major), TABLES);
        Map<TableName, Boolean> accepted = new TreeMap<>();
        try (Connection owner = open(as("app", major))) {
            Map<TableName, ReplicaIdentity> read = ReplicaIdentity.read(owner);
            Map<TableName, Boolean> usable = new TreeMap<>();
            for (Map.Entry<TableName, ReplicaIdentity> table : read.entrySet()) {
                if (table.getKey().schema().equals("public")) {
                    usable.put(table.getKey(), table.getValue().usable());
                    accepted.put(table.getKey(), isAccepted(owner, table.getKey()));
                }
            }

            assertThat(usable).isEqualTo(accepted);
            assertThat(usable.keySet())
                    .extracting(TableName::name)
                    .contains("leaf_keyless")
                    .doesNotContain("root");
            assertThat(ReplicaIdentities.missing(owner, TableSelection.ALL))
                    .extracting(TableName::name)
                    .containsExactly(
                            "by_dropped_index",
                            "deferrable_key",
                            "derived",
                            "key_not_named",
                            "keyless",
                            "leaf_keyless",
                            "leaf_of_full_root",
                            "no_columns",
                            "nothing",
                            "unique_only");
        }
    }

    /** Publishes the table and tries; nothing of it stays. */
    private static boolean isAccepted(Connection owner, TableName table) throws SQLException {
        boolean accepted = true;
        for (String change : List.of("delete from only ", "update only ")) {
            owner.setAutoCommit(false);
            try (Statement statement = owner.createStatement()) {
                statement.execute("create publication p for table only " + table.quoted());
                boolean canUpdate =
                        !table.name().contains("no_columns") && !table.name().contains("without_columns");
                if (change.startsWith("delete") || canUpdate) {
                    statement.execute(change + table.quoted() + (change.startsWith("update") ? " set v = v" : ""));
                }
            } catch (SQLException e) {
                assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("55000");
                accepted = false;
            } finally {
                owner.rollback();
                owner.setAutoCommit(true);
            }
        }
        return accepted;
    }

    /** The role is a member of the owner and owns nothing itself. */
    @Test
    void whatIsMissingBecomesFullAndIsPutBack() throws SQLException {
        run(as("app", 14), TABLES);
        Map<String, String> before = identities();

        identities(PATIENCE).complete();

        try (Connection source = open(as("changeover", 14))) {
            assertThat(ReplicaIdentities.missing(source, TableSelection.ALL)).isEmpty();
        }
        assertThat(identities())
                .containsEntry("keyless", "f")
                .containsEntry("no_columns", "f")
                .containsEntry("leaf_keyless", "f")
                .containsEntry("keyed", "d")
                .containsEntry("by_index", "i")
                .containsEntry("root", "d")
                .containsEntry("unlogged", "d");
        assertThat(ask(as("changeover", 17), "select count(*) from changeover.replica_identity"))
                .containsExactly("10");
        run(as("app", 14), "create publication p for table public.keyless, public.no_columns");
        run(as("app", 14), "insert into public.keyless values (1, '{}', '<a/>', '(1,2)')");
        run(as("app", 14), "update public.keyless set v = 2", "delete from public.no_columns");
        run(as("app", 14), "drop publication p");

        identities(PATIENCE).restore();

        before.replace("by_dropped_index", "n");
        before.replace("key_not_named", "n");
        assertThat(identities()).isEqualTo(before);
        assertThat(ask(as("changeover", 17), "select count(*) from changeover.replica_identity"))
                .containsExactly("0");
        identities(PATIENCE).restore();
        assertThat(identities()).isEqualTo(before);
    }

    @Test
    void nothingIsWrittenWhereNothingIsMissing() throws SQLException {
        run(as("app", 14), "create table public.keyed (id int primary key)");

        identities(PATIENCE).complete();
        identities(PATIENCE).restore();

        assertThat(ask(as("changeover", 17), "select count(*) from pg_namespace where nspname = 'changeover'"))
                .containsExactly("0");
    }

    @Test
    void killedAfterTheRecordOrAfterTheChangeItGoesOn() throws SQLException {
        run(as("app", 14), TABLES);
        Map<String, String> before = identities();
        Connection application = open(as("app", 14));
        application.setAutoCommit(false);
        execute(application, "select from public.keyless");
        SQLException failure =
                catchThrowableOfType(SQLException.class, () -> identities(SHORT).complete());
        assertThat((Throwable) failure)
                .hasMessageContaining("public.keyless")
                .hasMessageContaining("replica identity full");
        assertThat(failure.getSQLState()).isEqualTo("55P03");
        assertThat(ask(
                        as("changeover", 17),
                        "select was from changeover.replica_identity"
                                + " where table_name in ('deferrable_key', 'keyless')"))
                .as("one that was changed, and one that was not yet")
                .containsExactly("DEFAULT", "DEFAULT");
        assertThat(identities()).containsEntry("deferrable_key", "f").containsEntry("keyless", "d");
        application.rollback();

        identities(PATIENCE).complete();

        assertThat(identities()).containsEntry("keyless", "f");
        run(as("app", 14), "alter table public.deferrable_key replica identity default");
        identities(PATIENCE).restore();
        before.replace("by_dropped_index", "n");
        before.replace("key_not_named", "n");
        assertThat(identities()).isEqualTo(before);
    }

    @Test
    void whatSomebodyElseHasSetSinceIsLeftAlone() throws SQLException {
        run(
                as("app", 14),
                "create table public.t (id int primary key deferrable)",
                "create table public.gone (id int)");
        identities(PATIENCE).complete();
        run(
                as("app", 14),
                "alter table public.t drop constraint t_pkey",
                "alter table public.t add primary key (id)",
                "alter table public.t replica identity using index t_pkey",
                "drop table public.gone");

        identities(PATIENCE).restore();

        assertThat(identities()).isEqualTo(Map.of("t", "i"));
    }

    /** A lock that is waited for keeps out all who come later: nobody waits for longer than one attempt. */
    @Test
    void applicationsGoOnWhileALockIsNotToBeHad() throws Exception {
        run(as("app", 14), "create table public.t (id int)");
        Connection reader = open(as("app", 14));
        reader.setAutoCommit(false);
        execute(reader, "select from public.t");
        Thread trying = new Thread(
                () -> assertThatThrownBy(() -> identities(Duration.ofSeconds(2)).complete())
                        .isInstanceOf(SQLException.class));
        Connection writer = open(as("app", 14));
        trying.start();
        int written = 0;
        long longest = 0;
        while (trying.isAlive()) {
            long begin = System.nanoTime();
            execute(writer, "insert into public.t values (1)");
            longest = Math.max(longest, System.nanoTime() - begin);
            written++;
        }

        assertThat(written).isGreaterThan(3);
        assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofMillis(2500));
        reader.rollback();
        identities(PATIENCE).complete();
        assertThat(identities()).isEqualTo(Map.of("t", "f"));
    }

    private static ReplicaIdentities identities(Duration patience) {
        return new ReplicaIdentities(as("changeover", 14), as("changeover", 17), TableSelection.ALL, patience);
    }

    /** Table → pg_class.relreplident on the source. */
    private static Map<String, String> identities() throws SQLException {
        Map<String, String> identities = new TreeMap<>();
        for (String line : ask(
                as("app", 14),
                "select relname || '|' || relreplident from pg_class"
                        + " where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace")) {
            identities.put(line.substring(0, line.indexOf('|')), line.substring(line.indexOf('|') + 1));
        }
        return identities;
    }

    private static ServerSettings superuser(int major) {
        return servers.get(major).settings("shop");
    }

    /** The target is the other server, where the migrating role may create schemas. */
    private static ServerSettings as(String role, int major) {
        return servers.get(major).settings("shop", role, role);
    }

    private Connection open(ServerSettings server) throws SQLException {
        Connection connection = Connections.open(server, "changeover-test");
        opened.add(connection);
        return connection;
    }

    private static List<String> ask(ServerSettings server, String query) throws SQLException {
        try (Connection connection = Connections.open(server, "changeover-test");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
            return lines;
        }
    }

    private static void run(ServerSettings server, String... statements) throws SQLException {
        try (Connection connection = Connections.open(server, "changeover-test")) {
            for (String sql : statements) {
                execute(connection, sql);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
