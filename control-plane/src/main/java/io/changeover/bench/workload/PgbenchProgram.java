package io.changeover.bench.workload;

import io.changeover.postgres.ServerSettings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The program pgbench, where this machine has it. */
final class PgbenchProgram {

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private PgbenchProgram() {}

    /** Looks on the PATH, then where Debian puts it, the newest first. */
    static Optional<Path> find() throws IOException {
        Stream<Path> path = Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "pgbench"));
        return Stream.concat(path, debian()).filter(Files::isExecutable).findFirst();
    }

    private static Stream<Path> debian() throws IOException {
        if (!Files.isDirectory(DEBIAN)) {
            return Stream.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions
                    .sorted(Comparator.reverseOrder())
                    .map(version -> version.resolve("bin/pgbench"))
                    .toList()
                    .stream();
        }
    }

    /**
     * Runs {@code pgbench -N}.
     *
     * @param transactions of each client
     * @return what ran
     * @throws IOException if it failed; with what it said
     */
    static String run(Path program, ServerSettings database, int clients, long transactions)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                program.toString(),
                "-h",
                database.host(),
                "-p",
                String.valueOf(database.port()),
                "-U",
                database.user(),
                "-n",
                "-N",
                "-M",
                "prepared",
                "-c",
                String.valueOf(clients),
                "-j",
                "2",
                "-t",
                String.valueOf(transactions),
                database.database());
        builder.environment().put("PGPASSWORD", database.password());
        String said = output(builder);
        return said.lines().findFirst().orElse("pgbench") + " -N, " + clients + " clients";
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("pgbench failed: " + said);
            }
            return said;
        } finally {
            process.destroy();
        }
    }
}
