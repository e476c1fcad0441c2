package io.changeover.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(StackExtension.class)
class FenceTest {

    private static final Duration PATIENCE = Duration.ofMillis(700);
    private static final String WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
            + " and datname = current_database() and usename = 'app'";

    private Databases databases;
    private ServerSettings source;

    @BeforeEach
    void twoTables(Databases created) throws SQLException {
        databases = created;
        source = databases.source(Servers.MIGRATOR);
        databases.onSource(
                "create table public.t (id int primary key)",
                "create table public.parted (id int) partition by range (id)",
                "create table public.part partition of public.parted for values from (0) to (10)");
    }

    @Test
    void writersWaitAndGoOnWhenItIsLifted() throws Exception {
        Fence fence = raise();
        CompletableFuture<Void> writer = write("insert into public.t values (1)");
        await().until(() -> databases.askSource(WAITING).equals(List.of("1")));
        assertThat(databases.askSource("select count(*) from public.t")).containsExactly("0");

        fence.close();

        writer.get();
        assertThat(databases.askSource("select count(*) from public.t")).containsExactly("1");
    }

    @Test
    void partitionsAreFencedToo() throws Exception {
        try (Fence fence = raise()) {
            assertThat(fence.raisedAt()).isLessThanOrEqualTo(System.nanoTime());
            try (Connection application = Databases.plain(databases.source(Servers.APPLICATION));
                    Statement statement = application.createStatement()) {
                statement.execute("set lock_timeout = '20ms'");
                assertThatThrownBy(() -> statement.execute("insert into public.parted values (1)"))
                        .hasMessageContaining("lock timeout");
                assertThatThrownBy(() -> statement.execute("truncate public.part"))
                        .hasMessageContaining("lock timeout");
            }
        }
    }

    @Test
    void openTransactionThatWroteMakesItGiveUpAndNothingIsHeld() throws Exception {
        try (Connection application = Databases.plain(databases.source(Servers.APPLICATION));
                Statement statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("insert into public.t values (1)");

            assertThatThrownBy(this::raise).isInstanceOf(CutoverGivenUp.class).hasMessageContaining("goes on");

            statement.execute("insert into public.t values (2)");
            application.commit();
        }
        databases.onSource("insert into public.t values (3)");
        assertThat(databases.askSource("select count(*) from public.t")).containsExactly("3");
    }

    /** Sessions that waited, that idle and that come later: none of them writes any more. */
    @Test
    void nobodyWritesOnceItLasts() throws Exception {
        try (Connection idle = Databases.plain(databases.source(Servers.APPLICATION));
                Fence fence = raise()) {
            CompletableFuture<Void> waiting = write("insert into public.t values (1)");
            await().until(() -> databases.askSource(WAITING).equals(List.of("1")));

            fence.makeLasting(point -> {});
            fence.lower();

            assertThatThrownBy(waiting::get).isInstanceOf(ExecutionException.class);
            assertThatThrownBy(() -> idle.createStatement().execute("insert into public.t values (2)"))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> write("insert into public.t values (3)").get())
                    .hasStackTraceContaining("read-only transaction");
            assertThat(databases.askSource("select count(*) from public.t")).containsExactly("0");
        }
        Fence.readOnly(source, false);
        write("insert into public.t values (4)").get();
    }

    /** Nothing is locked: what is written after the proof is found, and makes it given up. */
    @Test
    void externalFenceFindsWhoWrites() throws Exception {
        try (Freeze freeze = new Freeze(Duration.ofMinutes(1), Optional::empty, Course.QUIET);
                Connection application = Databases.plain(databases.source(Servers.APPLICATION));
                Statement statement = application.createStatement()) {
            application.setAutoCommit(false);
            statement.execute("insert into public.t values (1)");
            assertThatThrownBy(() -> ExternalFence.raise(source, PATIENCE, Duration.ofMillis(300), freeze))
                    .isInstanceOf(CutoverGivenUp.class)
                    .hasMessageContaining("of app")
                    .hasMessageContaining("has a transaction that writes");
            application.rollback();
            application.close();

            try (Fence fence = ExternalFence.raise(source, Duration.ofSeconds(30), Duration.ofMillis(1500), freeze)) {
                fence.prove();
                write("insert into public.t values (2)").get();
                assertThatThrownBy(() -> fence.makeLasting(point -> {}))
                        .isInstanceOf(CutoverGivenUp.class)
                        .hasMessageContaining("has written to the source since");
            } finally {
                Fence.readOnly(source, false);
            }
        }
    }

    private Fence raise() throws SQLException, CutoverGivenUp {
        try (Freeze freeze = new Freeze(Duration.ofMinutes(1), Optional::empty, Course.QUIET)) {
            return LockFence.raise(source, PATIENCE, freeze);
        }
    }

    private CompletableFuture<Void> write(String sql) {
        return CompletableFuture.runAsync(() -> {
            try (Connection application = Databases.plain(databases.source(Servers.APPLICATION));
                    Statement statement = application.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
