package io.changeover.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.preflight.PreflightRequest.Pair;
import io.changeover.schema.Publication;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every statement of the preflight on PostgreSQL 9.6, which is the oldest source, and on 10. */
@Timeout(60)
class PreflightOlderSourceTest {

    private final Preflight preflight =
            new Preflight(() -> new Tools(Map.of("pg_dump", 17, "pg_restore", 17, "psql", 17)), Clock.systemUTC());

    @Test
    void truncateIsWarnedOfAndASchemaOfSomebodyElseBlocksUntilItsFixIsRun() throws SQLException {
        try (LocalPostgres server = LocalPostgres.builder(10)
                .fsync(false)
                .setting("wal_level", "logical")
                .start()) {
            run(
                    server.settings("postgres"),
                    "create role co login replication password 'p'",
                    "grant pg_signal_backend, pg_monitor to co",
                    "create database shop owner co",
                    "create database empty owner co");
            ServerSettings source = server.settings("shop", "co", "p");
            run(source, "create table public.good (id int primary key)");
            Pair pair = new Pair(
                    source, server.settings("empty"), "changeover_m_shop", "changeover_m_shop", TableSelection.ALL);

            assertThat(check(pair)).extracting(Finding::code).containsExactly("CO-1111");

            run(server.settings("shop"), "create schema changeover");
            List<Finding> blocked = check(pair);
            assertThat(blocked).extracting(Finding::code).containsExactly("CO-1111", "CO-1213");
            String grant = blocked.get(1).fix();
            run(server.settings("shop"), grant.substring(0, grant.indexOf(';')));
            assertThat(check(pair)).extracting(Finding::code).containsExactly("CO-1111");

            run(server.settings("shop"), "create table changeover.marker (id int)");
            assertThat(check(pair)).extracting(Finding::code).containsExactly("CO-1111", "CO-1213");
        }
    }

    @Test
    void nineSixNeedsUtf8KeysAndALineForReplication() throws Exception {
        try (LocalPostgres server = LocalPostgres.builder(9)
                .fsync(false)
                .setting("wal_level", "logical")
                .setting("max_replication_slots", "4")
                .setting("max_wal_senders", "4")
                .start()) {
            run(
                    server.settings("postgres"),
                    "create role co login replication password 'p'",
                    "grant pg_signal_backend to co",
                    "create database shop owner co",
                    "create database latin owner co template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'",
                    "create database empty owner co");
            ServerSettings source = server.settings("shop", "co", "p");
            Pair pair = new Pair(
                    source, server.settings("empty"), "changeover_m_shop", "changeover_m_shop", TableSelection.ALL);
            run(source, "create table public.good (id int primary key)");
            assertThat(codes(pair)).containsExactlyInAnyOrder("CO-1110", "CO-1111");

            run(source, "create table public.no_key (id int) with oids");
            run(source, "create table public.oid_key (id int, primary key (oid)) with oids");
            assertThat(codes(pair)).containsExactlyInAnyOrder("CO-1110", "CO-1111", "CO-1203", "CO-1203", "CO-1214");

            run(source, "drop table public.no_key, public.oid_key");
            Publication.create(source, "changeover_m_shop", TableSelection.ALL);
            assertThat(codes(pair)).containsExactlyInAnyOrder("CO-1010", "CO-1110", "CO-1111");
            Publication.drop(source, "changeover_m_shop");

            Pair latin = new Pair(
                    server.settings("latin", "co", "p"),
                    pair.target(),
                    "changeover_l",
                    "changeover_l",
                    TableSelection.ALL);
            assertThat(codes(latin)).containsExactlyInAnyOrder("CO-1110", "CO-1111", "CO-1215", "CO-1318");

            Path access = server.directory().resolve("pgdata/pg_hba.conf");
            Files.writeString(access, Files.readString(access).replace("host replication", "#"));
            run(server.settings("postgres"), "select pg_reload_conf()");
            await().until(() -> codes(pair).contains("CO-1112"));
        }
    }

    private List<String> codes(Pair pair) {
        return check(pair).stream().map(Finding::code).toList();
    }

    private List<Finding> check(Pair pair) {
        return preflight
                .check(new PreflightRequest(List.of(pair), SchemaMode.COPY, ReplicaIdentityMode.KEEP, false))
                .findings()
                .stream()
                .filter(finding -> !finding.code().equals("CO-1223")) // always said
                .toList();
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
