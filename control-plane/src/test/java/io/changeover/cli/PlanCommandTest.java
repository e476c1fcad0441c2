package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.api.Json;
import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.FreePort;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code changeover plan} as a person runs it. */
@Timeout(120)
@ExtendWith(StackExtension.class)
class PlanCommandTest {

    @TempDir
    Path directory;

    @Test
    void theConnectorsAreWrittenAsKafkaConnectTakesThemWithoutAPassword(Databases databases) throws Exception {
        databases.onSource("create table public.t (id int primary key)");
        ServerSettings source = databases.source(Servers.MIGRATOR);
        Path file = MigrationFiles.write(directory, databases, source, databases.target(Servers.MIGRATOR), "");
        Path out = directory.resolve("out");

        RunCommand run = RunCommand.run("plan", "-f", file.toString(), "--emit", out.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("slot", "public.t", "removed by", "session_replication_role");
        String name = databases.migration() + "." + databases.name() + ".capture";
        JsonNode capture = Json.mapper().readTree(out.resolve(name + ".json").toFile());
        assertThat(capture.path("name").asText()).isEqualTo(name);
        assertThat(capture.path("config").path("database.password").asText()).startsWith("${file:");
        assertThat(Files.readString(out.resolve("plan.txt"))).isEqualTo(run.out());
        assertThat(Json.mapper().readTree(out.resolve("plan.json").toFile()).path("things"))
                .isNotEmpty();
        try (var written = Files.list(out)) {
            assertThat(written.toList())
                    .hasSize(5)
                    .allSatisfy(each -> assertThat(Files.readString(each)).doesNotContain(source.password()));
        }
        assertThat(run.out() + run.err()).doesNotContain(source.password());
    }

    @Test
    void aServerThatDoesNotAnswerIsExitCodeEightAndCanBeDoneWithout(Databases databases) throws Exception {
        ServerSettings source = databases.source(Servers.MIGRATOR);
        ServerSettings gone = new ServerSettings(
                source.host(),
                FreePort.any(),
                source.database(),
                source.user(),
                source.password(),
                source.sslMode(),
                source.sslRootCert());
        String file = MigrationFiles.write(directory, databases, gone, databases.target(Servers.MIGRATOR), "")
                .toString();

        assertThat(RunCommand.run("plan", "-f", file).exitCode()).isEqualTo(8);
        RunCommand offline = RunCommand.run("plan", "-f", file, "--offline", "-o", "json");
        assertThat(offline.exitCode()).isZero();
        assertThat(Json.mapper().readTree(offline.out()).path("connectors")).hasSize(3);
    }
}
