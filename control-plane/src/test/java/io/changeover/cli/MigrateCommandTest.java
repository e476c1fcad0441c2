package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code migrate} says of bad input, and with which exit code; nothing is started and nothing changed. */
@Timeout(120)
@ExtendWith(StackExtension.class)
class MigrateCommandTest {

    private static final String UNTOUCHED = """
            select (select count(*) from pg_replication_slots where database = current_database()),
            (select count(*) from pg_publication), (select count(*) from pg_namespace where nspname = 'changeover')""";

    @TempDir
    Path directory;

    @Test
    void unknownKeyIsToldWithFileAndLine() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.yaml"), """
                apiVersion: changeover.io/v1alpha1
                kind: Migration
                metadata:
                  name: shop
                spec:
                  sorce: {}
                """);

        RunCommand run = RunCommand.run("migrate", "-f", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(file + ":6: spec.sorce");
    }

    @Test
    void secretThatIsMissingIsToldWithItsLine(Databases databases) throws IOException {
        Path file = write(
                databases, databases.source(Servers.MIGRATOR), databases.target(Servers.MIGRATOR), "${env:NO_SUCH}");

        RunCommand run = migrate(file);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(file + ":6: spec.source.password").contains("NO_SUCH");
    }

    @Test
    void fileThatIsNotThereAndOptionThatIsUnknownAreUsageErrors() {
        assertThat(RunCommand.run("migrate", "-f", "no/such.yaml").exitCode()).isEqualTo(2);
        assertThat(RunCommand.run("migrate").exitCode()).isEqualTo(2);
        assertThat(RunCommand.run("migrate", "--no-such-option").exitCode()).isEqualTo(2);
        assertThat(RunCommand.run("no-such-command").exitCode()).isEqualTo(2);
        assertThat(RunCommand.run().exitCode()).isEqualTo(2);
    }

    @Test
    void serverThatCannotBeReached(Databases databases) throws IOException {
        ServerSettings source = databases.source(Servers.MIGRATOR);
        ServerSettings gone = new ServerSettings(
                source.host(),
                FreePort.any(),
                source.database(),
                source.user(),
                source.password(),
                source.sslMode(),
                source.sslRootCert());

        RunCommand run = migrate(write(databases, gone, databases.target(Servers.MIGRATOR), source.password()));

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("CO-1001", "Nothing was changed");
    }

    @Test
    void wrongPassword(Databases databases) throws IOException {
        RunCommand run = migrate(write(
                databases, databases.source(Servers.MIGRATOR), databases.target(Servers.MIGRATOR), "wr0ng password"));

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("CO-1003").doesNotContain("wr0ng password");
    }

    @Test
    void targetWithRowsIsLeftAlone(Databases databases) throws Exception {
        databases.onSource("create table public.t (id int primary key)");
        databases.onTarget("create table public.t (id int primary key)", "insert into public.t values (42)");

        RunCommand run = migrate(write(
                databases,
                databases.source(Servers.MIGRATOR),
                databases.target(Servers.MIGRATOR),
                databases.source(Servers.MIGRATOR).password()));

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("CO-1304");
        assertThat(databases.askSource(UNTOUCHED)).containsExactly("0|0|0");
        assertThat(databases.askTarget(UNTOUCHED)).containsExactly("0|0|0");
        assertThat(databases.askTarget("select id from public.t")).containsExactly("42");
    }

    private RunCommand migrate(Path file) {
        return RunCommand.run(
                "migrate",
                "-f",
                file.toString(),
                "--listen",
                "127.0.0.1:0",
                "--work-dir",
                directory.resolve("work").toString());
    }

    private Path write(Databases databases, ServerSettings source, ServerSettings target, String password)
            throws IOException {
        String text = """
                apiVersion: changeover.io/v1alpha1
                kind: Migration
                metadata:
                  name: %s
                spec:
                  source: {host: %s, port: %d, user: %s, password: "%s"}
                  target: {host: %s, port: %d, user: %s, password: "%s"}
                  databases:
                    - source: %s
                """.formatted(
                        databases.migration(),
                        source.host(),
                        source.port(),
                        source.user(),
                        password,
                        target.host(),
                        target.port(),
                        target.user(),
                        target.password(),
                        databases.name());
        return Files.writeString(directory.resolve("migration.yaml"), text);
    }
}
