package io.changeover.lag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As a role that is nobody's superuser and not a member of {@code pg_monitor}. */
@Timeout(60)
class SignsTest {

    private static final String STREAM = "changeover.shop.shop.changes";
    private static LocalPostgres server;
    private static ServerSettings role;
    private static ServerSettings other;

    @BeforeAll
    static void start() throws SQLException {
        server = LocalPostgres.builder(14)
                .fsync(false)
                .setting("max_prepared_transactions", "5")
                .start();
        try (Connection admin = Connections.open(server.settings("postgres"), "test")) {
            execute(admin, "create role mover login password 'm'");
            execute(admin, "create role app login password 'a'");
            execute(admin, "create table public.t (id int)");
            execute(admin, "grant all on public.t to mover, app");
        }
        role = server.settings("postgres", "mover", "m");
        other = server.settings("postgres", "app", "a");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void lockThatTheSinkWaitsForIsToldWithItsHolder() throws Exception {
        try (Connection observer = Connections.open(role, "changeover-observer");
                Connection holder = Connections.open(other, "psql");
                Connection sink = Connections.open(role, "changeover sink " + STREAM)) {
            assertThat(TargetLook.read(observer, STREAM))
                    .isEqualTo(new TargetLook(false, false, Optional.empty(), false));
            holder.setAutoCommit(false);
            execute(holder, "lock table public.t in access exclusive mode");
            Thread waiting = new Thread(() -> {
                try {
                    execute(sink, "select from public.t");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            waiting.start();

            await().untilAsserted(() -> {
                Signs.LockWait wait =
                        TargetLook.read(observer, STREAM).lockWait().orElseThrow();
                assertThat(wait.waited()).isPositive();
                assertThat(wait.holders()).singleElement().asString().matches("session \\d+ of app \\(psql\\).*");
            });
            assertThat(TargetLook.read(observer, "another").lockWait()).isEmpty();
            holder.rollback();
            waiting.join();
            assertThat(TargetLook.read(observer, STREAM).lockWait()).isEmpty();
        }
    }

    @Test
    void transactionThatWaitsForTheSinkIsTold() throws SQLException {
        try (Connection observer = Connections.open(role, "changeover-observer");
                Connection sink = Connections.open(role, "changeover sink " + STREAM)) {
            sink.setAutoCommit(false);
            execute(sink, "select 1");
            // a session waits for its client a moment after it has answered
            await().until(() -> TargetLook.read(observer, STREAM).reads());
            sink.rollback();
            assertThat(TargetLook.read(observer, STREAM).reads()).isFalse();
        }
    }

    @Test
    void targetThatIsReadOnlyByDefaultIsWarnedOf() throws SQLException {
        try (Connection admin = Connections.open(server.settings("postgres"), "test")) {
            execute(admin, "alter role mover set default_transaction_read_only = on");
            try (Connection observer = Connections.open(role, "changeover-observer")) {
                assertThat(TargetLook.read(observer, STREAM).warning().orElseThrow())
                        .startsWith("The target is read-only");
            }
            execute(admin, "alter role mover reset default_transaction_read_only");
            try (Connection observer = Connections.open(role, "changeover-observer")) {
                assertThat(TargetLook.read(observer, STREAM).warning()).isEmpty();
            }
        }
    }

    @Test
    void oldestTransactionThatWroteIsToldThoughItsBeginningCannotBeSeen() throws SQLException {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        OpenTransactions open = new OpenTransactions(now::get);
        try (Connection observer = Connections.open(role, "changeover-observer");
                Connection first = Connections.open(other, "nightly job");
                Connection second = Connections.open(other, "psql")) {
            assertThat(open.look(observer)).isEmpty();
            begin(first);
            assertThat(open.look(observer)).isPresent();
            now.set(now.get().plusSeconds(100));
            begin(second);
            Signs.OpenTransaction longest = open.look(observer).orElseThrow();
            assertThat(longest.who()).matches("session \\d+ of app \\(nightly job\\)");
            assertThat(longest.open()).isEqualTo(Duration.ofSeconds(100));
            assertThat(longest.prepared()).isFalse();

            first.commit();
            now.set(now.get().plusSeconds(5));
            Signs.OpenTransaction rest = open.look(observer).orElseThrow();
            assertThat(rest.who()).contains("psql");
            assertThat(rest.open()).isEqualTo(Duration.ofSeconds(5));

            begin(first); // the same session with another transaction
            assertThat(open.look(observer).orElseThrow().who()).contains("psql");
        }
    }

    @Test
    void preparedTransactionIsToldByItsName() throws SQLException {
        OpenTransactions open = new OpenTransactions(Instant::now);
        try (Connection observer = Connections.open(role, "changeover-observer");
                Connection writer = Connections.open(other, "psql")) {
            begin(writer);
            execute(writer, "prepare transaction 'left over'");
            Signs.OpenTransaction found = open.look(observer).orElseThrow();
            assertThat(found.who()).isEqualTo("prepared transaction 'left over' of app");
            assertThat(found.prepared()).isTrue();
            writer.setAutoCommit(true);
            execute(writer, "rollback prepared 'left over'");
            assertThat(open.look(observer)).isEmpty();
        }
    }

    private static void begin(Connection writer) throws SQLException {
        writer.setAutoCommit(false);
        execute(writer, "insert into public.t values (1)");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
