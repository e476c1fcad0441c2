package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.api.Json;
import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code changeover preflight} as a person or a build server runs it. */
@Timeout(120)
@ExtendWith(StackExtension.class)
class PreflightCommandTest {

    private static final String UNTOUCHED = """
            select (select count(*) from pg_replication_slots where database = current_database()),
            (select count(*) from pg_publication), (select count(*) from pg_namespace where nspname = 'changeover'),
            (select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r')""";

    @TempDir
    Path directory;

    @Test
    void whatBlocksIsOnStandardOutputWithExitCodeThreeUntilItsFixWasRun(Databases databases) throws Exception {
        databases.onSource("create table public.keyless (id int)");
        String file = file(databases, "");

        RunCommand before = RunCommand.run("preflight", "-f", file, "-o", "json");

        assertThat(before.exitCode()).isEqualTo(3);
        JsonNode json = Json.mapper().readTree(before.out());
        assertThat(json.path("blocks").asBoolean()).isTrue();
        JsonNode finding = find(json, "CO-1203");
        assertThat(finding.path("severity").asText()).isEqualTo("BLOCKS");
        assertThat(finding.path("object").asText()).endsWith("table public.keyless");
        JsonNode command = finding.path("commands").path(0);
        assertThat(command.path("kind").asText()).isEqualTo("sql");
        assertThat(databases.askSource(UNTOUCHED)).containsExactly("0|0|0|1");
        assertThat(databases.askTarget(UNTOUCHED)).containsExactly("0|0|0|0");
        assertThat(before.out() + before.err())
                .doesNotContain(databases.source(Servers.MIGRATOR).password());

        databases.onSource(command.path("line").asText());
        RunCommand after = RunCommand.run("preflight", "-f", file);
        assertThat(after.exitCode()).isZero();
        assertThat(after.out()).doesNotContain("BLOCKS  ").doesNotContain("CO-1203");
    }

    @Test
    void aBuildServerReadsTheSame(Databases databases) throws Exception {
        databases.onSource("create table public.keyless (id int)");

        RunCommand run = RunCommand.run("preflight", "-f", file(databases, ""), "-o", "junit");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).startsWith("<?xml").contains("<testcase", "<failure", "CO-1203", "</testsuite>");
    }

    @Test
    void theClusterOfTheFileIsLookedAt(SharedStack stack, Databases databases) throws IOException {
        Path passwords = Files.writeString(
                directory.resolve("p.properties"),
                "p=" + databases.source(Servers.MIGRATOR).password());
        String file = MigrationFiles.write(
                        directory,
                        databases,
                        withPassword(databases.source(Servers.MIGRATOR), passwords),
                        withPassword(databases.target(Servers.MIGRATOR), passwords),
                        "kafka: {bootstrapServers: \"" + stack.bootstrapServers() + "\"}\nconnect: {url: \""
                                + stack.connectUri() + "\"}\n")
                .toString();

        RunCommand run = RunCommand.run("preflight", "-f", file, "-o", "junit");

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).doesNotContain("not reached");
    }

    @Test
    void aWrongFileIsAUsageError() {
        assertThat(RunCommand.run("preflight", "-f", "no/such.yaml").exitCode()).isEqualTo(2);
        assertThat(RunCommand.run("preflight").exitCode()).isEqualTo(2);
        assertThat(RunCommand.run("preflight", "-f", "x", "-o", "pdf").exitCode())
                .isEqualTo(2);
    }

    private static ServerSettings withPassword(ServerSettings server, Path file) {
        return new ServerSettings(
                server.host(),
                server.port(),
                server.database(),
                server.user(),
                "${file:" + file + ":p}",
                server.sslMode(),
                server.sslRootCert());
    }

    private String file(Databases databases, String more) throws IOException {
        return MigrationFiles.write(
                        directory,
                        databases,
                        databases.source(Servers.MIGRATOR),
                        databases.target(Servers.MIGRATOR),
                        more)
                .toString();
    }

    private static JsonNode find(JsonNode report, String code) {
        for (JsonNode finding : report.path("findings")) {
            if (finding.path("code").asText().equals(code)) {
                return finding;
            }
        }
        throw new AssertionError(code + " is not among " + report);
    }
}
