package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** {@code pg_dump -O -x -s | psql}: how a person prepares the tables of a target. */
final class StructureCopy {

    private StructureCopy() {}

    static void run(Databases databases) throws IOException, InterruptedException {
        ProcessBuilder dump = client(
                databases.source(Servers.MIGRATOR), "pg_dump", "-O", "-x", "-s", "--no-publications", "--no-password");
        ProcessBuilder psql = client(
                databases.target(Servers.MIGRATOR), "psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "--no-password");
        List<Process> pipeline = ProcessBuilder.startPipeline(List.of(dump, psql.redirectErrorStream(true)));
        String output = new String(pipeline.get(1).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        for (Process process : pipeline) {
            assertThat(process.waitFor()).as(output).isZero();
        }
    }

    private static ProcessBuilder client(ServerSettings server, String... command) {
        List<String> all = Stream.concat(
                        Stream.of(command),
                        Stream.of(
                                "-h", server.host(), "-p", "" + server.port(), "-U", server.user(), server.database()))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().put("PGPASSWORD", server.password());
        return builder;
    }
}
