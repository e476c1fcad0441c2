package io.changeover.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.Connections;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SourceLookTest {

    private static final long WRITTEN = 80L << 20;

    /** What it keeps grows, its room shrinks, and then the server takes the WAL away. */
    @Test
    void slotIsFollowedUntilItIsLost() throws SQLException {
        try (LocalPostgres server = LocalPostgres.builder(14)
                        .fsync(false)
                        .setting("wal_level", "logical")
                        .setting("max_slot_wal_keep_size", "64MB")
                        .start();
                Connection source = Connections.open(server.settings("postgres"), "changeover-test")) {
            assertThat(SourceLook.read(source, "s").slot()).isEmpty();

            execute(source, "select pg_create_logical_replication_slot('s', 'pgoutput')");
            Slot fresh = SourceLook.read(source, "s").slot().orElseThrow();
            assertThat(fresh.active()).isFalse();
            assertThat(fresh.walStatus()).contains("reserved");
            assertThat(fresh.retainedBytes()).isLessThan(16 << 20);
            assertThat(fresh.safeBytes())
                    .hasValueSatisfying(bytes -> assertThat(bytes).isPositive());
            assertThat(fresh.warnings()).isEmpty();

            execute(source, "create table public.t (filling text)");
            execute(source, "alter table public.t alter filling set storage external");
            execute(source, "insert into public.t select repeat('x', 65536) from generate_series(1, 1280)");
            Slot threatened = SourceLook.read(source, "s").slot().orElseThrow();
            assertThat(threatened.retainedBytes()).isGreaterThan(WRITTEN);
            assertThat(threatened.walStatus()).contains("unreserved");
            assertThat(threatened.lost()).isFalse();
            assertThat(threatened.warnings()).hasSize(1);

            execute(source, "checkpoint");
            Slot lost = SourceLook.read(source, "s").slot().orElseThrow();
            assertThat(lost.lost()).isTrue();
            assertThat(lost.retainedBytes()).isZero();
            assertThat(lost.safeBytes()).isEmpty();
        }
    }

    @Test
    void whatALoaderHoldsBackIsTold() throws SQLException {
        try (LocalPostgres server = LocalPostgres.builder(14)
                        .fsync(false)
                        .setting("wal_level", "logical")
                        .start();
                Connection source = Connections.open(server.settings("postgres"), "changeover-test");
                Connection loader = Connections.open(server.settings("postgres"), "changeover-load")) {
            assertThat(SourceLook.read(source, "s").horizon()).isEqualTo(Horizon.NONE);
            loader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            loader.setAutoCommit(false);
            execute(loader, "select 1");
            for (int i = 0; i < 5; i++) {
                execute(source, "create table public.t" + i + " ()");
            }

            Horizon held = SourceLook.read(source, "s").horizon();
            assertThat(held.transactions()).isGreaterThanOrEqualTo(5);
            assertThat(held.held()).isPositive();
            loader.commit();
            assertThat(SourceLook.read(source, "s").horizon()).isEqualTo(Horizon.NONE);
        }
    }

    @Test
    void serverBeforeThirteenSaysNoStatus() throws SQLException {
        try (LocalPostgres server = LocalPostgres.builder(12)
                        .fsync(false)
                        .setting("wal_level", "logical")
                        .start();
                Connection source = Connections.open(server.settings("postgres"), "changeover-test")) {
            execute(source, "select pg_create_logical_replication_slot('s', 'pgoutput')");
            execute(source, "create table public.t as select repeat('x', 1000) from generate_series(1, 5000)");

            SourceLook look = SourceLook.read(source, "s");

            Slot slot = look.slot().orElseThrow();
            assertThat(slot.walStatus()).isEmpty();
            assertThat(slot.safeBytes()).isEmpty();
            assertThat(slot.retainedBytes()).isGreaterThan(100_000);
            assertThat(slot.confirmed()).isEqualTo(look.confirmed()).isLessThan(look.sourceLsn());
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
