package io.changeover.postgres.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LocalPostgresTest {

    @TempDir
    Path temporary;

    @Test
    void startsWithTheSettingsThatWereAskedFor() throws Exception {
        try (LocalPostgres server = server().setting("wal_level", "logical").start()) {
            assertThat(query(server, "show wal_level")).isEqualTo("logical");
            assertThat(query(server, "show fsync")).isEqualTo("off");
            assertThat(query(server, "show server_encoding")).isEqualTo("UTF8");
            assertThat(query(server, "show server_version")).startsWith("17.");
            assertThat(query(server, "select upper('ä')")).isEqualTo("Ä");
        }
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        try (LocalPostgres server = server().start()) {
            ServerSettings wrong = server.settings("postgres", "postgres", "wrong");

            assertThatThrownBy(() -> Connections.open(wrong, "changeover-test").close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
        }
    }

    @Test
    void dataAndPortSurviveRestartAndKill() throws Exception {
        try (LocalPostgres server = server().start()) {
            int port = server.port();
            execute(server, "create table public.t (n int)");
            execute(server, "insert into public.t values (1)");

            server.restart();
            execute(server, "insert into public.t values (2)");
            server.kill();
            assertThat(server.isRunning()).isFalse();
            server.start();

            assertThat(query(server, "select sum(n) from public.t")).isEqualTo("3");
            assertThat(server.port()).isEqualTo(port);
        }
    }

    @Test
    void aKeptDirectoryStartsAgain() throws Exception {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        LocalPostgresBuilder builder = server().directory(temporary.resolve("server"));
        LocalPostgres first = builder.start();
        execute(first, "create table public.kept ()");
        first.close();

        try (LocalPostgres second = builder.keepDirectory(false).start()) {
            assertThat(query(second, "select 'public.kept'::regclass")).isEqualTo("public.kept");
            assertThat(second.port()).isEqualTo(first.port());
            assertThat(second.directory()).isEqualTo(temporary.resolve("server"));
        }
        assertThat(temporary.resolve("server")).doesNotExist();
    }

    @Test
    void worksInADirectoryThatOnlyItsOwnerMayEnter() throws Exception {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx------"));

        try (LocalPostgres server = server().directory(temporary.resolve("server"))
                .keepDirectory(false)
                .start()) {
            assertThat(query(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void closeLeavesNothingBehind() throws Exception {
        LocalPostgres server = server().start();
        ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
        List<ProcessHandle> children = postmaster.descendants().toList();

        server.close();

        assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        assertThat(postmaster.isAlive()).isFalse();
        assertThat(server.directory()).doesNotExist();
        assertThat(FreePort.isFree(server.port())).isTrue();
    }

    @Test
    void aSuspendedServerAnswersOnlyAfterResume() throws Exception {
        try (LocalPostgres server = server().start();
                Connection connection = Connections.open(server.settings("postgres"), "changeover-test")) {
            server.suspend();
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> query(connection, "select 1"));
            await().during(Duration.ofMillis(500)).until(() -> !answer.isDone());

            server.resume();

            assertThat(answer.join()).isEqualTo("1");
        }
    }

    @Test
    void aServerThatStillRunsOnTheDirectoryIsStoppedFirst() throws Exception {
        LocalPostgresBuilder builder =
                server().directory(temporary.resolve("server")).keepDirectory(false);
        try (LocalPostgres forgotten = builder.start()) {
            ProcessHandle old = ProcessHandle.of(forgotten.pid()).orElseThrow();

            try (LocalPostgres server = builder.start()) {
                assertThat(old.isAlive()).isFalse();
                assertThat(server.port()).isEqualTo(forgotten.port());
                assertThat(query(server, "select 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void theServerEndsWithAJvmThatIsKilled() throws Exception {
        Path directory = temporary.resolve("server");
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AbandonedServer.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8)) {
            ProcessHandle postmaster =
                    ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();

            jvm.destroyForcibly();

            await().atMost(Duration.ofSeconds(20)).until(() -> !postmaster.isAlive());
        }
        try (LocalPostgres again =
                server().directory(directory).keepDirectory(false).start()) {
            assertThat(query(again, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void sayWhyAServerDoesNotStart() {
        LocalPostgresBuilder builder = server().setting("wal_level", "nonsense");

        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nonsense");
    }

    @Test
    void sayWhichVersionIsMissing() {
        assertThatThrownBy(() -> LocalPostgres.builder(8).start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PostgreSQL 8 is not on the class path");
    }

    @Test
    void unpacksOnceForAllWhoNeedItAtTheSameTime() throws Exception {
        Path cache = temporary.resolve("cache");
        List<CompletableFuture<Path>> unpacked = List.of(unpack(cache), unpack(cache));

        Path directory = unpacked.get(0).join();

        assertThat(unpacked.get(1).join()).isEqualTo(directory);
        try (var entries = Files.list(cache)) {
            assertThat(entries).containsExactly(directory);
        }
    }

    private static CompletableFuture<Path> unpack(Path cache) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return PostgresBinaries.unpack(17, cache);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static LocalPostgresBuilder server() {
        return LocalPostgres.builder(17).fsync(false);
    }

    private static String query(LocalPostgres server, String sql) throws SQLException {
        try (Connection connection = Connections.open(server.settings("postgres"), "changeover-test")) {
            return query(connection, sql);
        }
    }

    private static String query(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(LocalPostgres server, String sql) throws SQLException {
        try (Connection connection = Connections.open(server.settings("postgres"), "changeover-test");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
