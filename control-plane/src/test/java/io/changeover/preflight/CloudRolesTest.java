package io.changeover.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.e2e.Databases;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.preflight.PreflightRequest.Pair;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The scripts of config/roles, run by psql as administrators, who are superusers only of servers that they run
 * themselves, on servers with stand-ins for what the clouds have: what they make is enough for the preflight. Before 16
 * only a superuser of PostgreSQL itself can give REPLICATION, which Azure lets its administrators do.
 */
@Timeout(180)
class CloudRolesTest {

    private static final Tools TOOLS = new Tools(Map.of("pg_dump", 17, "pg_restore", 17, "psql", 17));

    /** rds_superuser has its grants with the right to hand them on; the main user is no superuser. */
    private static final String[] RDS = {
        "create role rds_superuser",
        "create role rds_replication",
        "grant pg_monitor, pg_signal_backend, rds_replication to rds_superuser with admin option",
        "create role admin login createrole createdb password 'p'",
        "grant rds_superuser to admin with admin option"
    };

    private static final String[] AZURE = {
        "create role azure_pg_admin",
        "grant pg_monitor, pg_signal_backend to azure_pg_admin with admin option",
        "create role admin login createrole createdb replication password 'p'",
        "grant azure_pg_admin to admin"
    };

    @Test
    void fromRdsToAzure() throws Exception {
        try (LocalPostgres source = start(14, RDS);
                LocalPostgres target = start(17, AZURE)) {
            List<Finding> found = migrate(source, "source-rds.sql", target, "target-azure.sql");

            assertThat(found).noneMatch(finding -> finding.severity() == Severity.BLOCKS);
            assertThat(found).noneMatch(finding -> finding.code().equals("CO-1110"));
        }
    }

    @Test
    void fromAzureToRds() throws Exception {
        try (LocalPostgres source = start(17, AZURE);
                LocalPostgres target = start(17, RDS)) {
            List<Finding> found = migrate(source, "source-azure.sql", target, "target-rds.sql");

            assertThat(found).noneMatch(finding -> finding.severity() == Severity.BLOCKS);
            assertThat(found).noneMatch(finding -> finding.code().equals("CO-1110"));
            assertThat(found)
                    .as("the least role has not the right to the replica role")
                    .anyMatch(finding -> finding.code().equals("CO-1303"));
        }
    }

    @Test
    void betweenServersOfOnesOwnWithoutASuperuserForTheMigration() throws Exception {
        String[] own = {"create role admin login superuser password 'p'"};
        try (LocalPostgres server = start(17, own)) {
            List<Finding> found = migrate(server, "source-self-hosted.sql", server, "target-self-hosted.sql", "store");

            assertThat(found)
                    .noneMatch(finding -> finding.severity() == Severity.BLOCKS)
                    .extracting(Finding::code)
                    .doesNotContain("CO-1110", "CO-1303");
            assertThat(Databases.ask(
                            server.settings("postgres"), "select rolsuper from pg_roles where rolname = 'migrator'"))
                    .containsExactly("f");
        }
    }

    private static List<Finding> migrate(
            LocalPostgres source, String sourceScript, LocalPostgres target, String targetScript) throws Exception {
        return migrate(source, sourceScript, target, targetScript, "shop");
    }

    private static List<Finding> migrate(
            LocalPostgres source, String sourceScript, LocalPostgres target, String targetScript, String database)
            throws Exception {
        makeShop(source);
        psql(source.settings("shop", "admin", "p"), sourceScript, "owner=app_owner");
        psql(target.settings("postgres", "admin", "p"), targetScript, "database=" + database);
        // again is harmless
        psql(source.settings("shop", "admin", "p"), sourceScript, "owner=app_owner");
        psql(target.settings("postgres", "admin", "p"), targetScript, "database=" + database);
        run(source.settings("postgres"), "alter role migrator password 'm'");
        run(target.settings("postgres"), "alter role migrator password 'm'");
        Pair pair = new Pair(
                source.settings("shop", "migrator", "m"),
                target.settings(database, "migrator", "m"),
                "changeover_m_shop",
                "changeover_m_shop",
                TableSelection.ALL);
        return new Preflight(() -> TOOLS, Clock.systemUTC())
                .check(new PreflightRequest(List.of(pair), SchemaMode.COPY, ReplicaIdentityMode.KEEP, false))
                .findings();
    }

    private static LocalPostgres start(int major, String[] cloud) throws SQLException {
        LocalPostgres server = LocalPostgres.builder(major)
                .fsync(false)
                .setting("wal_level", "logical")
                .start();
        run(server.settings("postgres"), cloud);
        // as an application's setup does it
        run(
                server.settings("postgres", "admin", "p"),
                "create role app_owner login password 'p'",
                "grant app_owner to admin");
        return server;
    }

    private static void makeShop(LocalPostgres server) throws SQLException {
        run(server.settings("postgres", "admin", "p"), "create database shop owner app_owner");
        run(
                server.settings("shop", "app_owner", "p"),
                "create schema app",
                "create table app.orders (id bigint primary key)");
    }

    private static void psql(ServerSettings server, String script, String variable) throws Exception {
        List<String> command = new ArrayList<>(List.of("psql", "-X", "-v", "role=migrator", "-v", variable, "-f"));
        command.add(Path.of("..", "config", "roles", script).toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "PGHOST", server.host(),
                        "PGPORT", String.valueOf(server.port()),
                        "PGDATABASE", server.database(),
                        "PGUSER", server.user(),
                        "PGPASSWORD", server.password()));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
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
