package io.changeover.bench.load;

import io.changeover.bench.Parts;
import io.changeover.postgres.ServerSettings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code pgcopydb clone}, if it is installed: it makes the tables as well. */
final class PgcopydbLoad implements LoadSide {

    private static final String JOBS = "2";

    private final LoadServers servers;
    private final Path program;
    private final Path directory;

    /**
     * A side.
     *
     * @param program where it is
     * @param directory for what it writes down
     */
    PgcopydbLoad(LoadServers servers, Path program, Path directory) {
        this.servers = servers;
        this.program = program;
        this.directory = directory;
    }

    /** Looks for it on the PATH. */
    static Optional<Path> find() {
        return onPath("pgcopydb");
    }

    /**
     * Why it cannot be measured.
     *
     * @param serverMajor of both servers; its pg_dump has to be at least as new
     */
    static Optional<String> missing(int serverMajor) throws IOException {
        if (find().isEmpty()) {
            return Optional.of("left out: it is not on the PATH");
        }
        String dump = onPath("pg_dump").isPresent() ? answer("pg_dump", "--version") : "no pg_dump";
        Matcher major = Pattern.compile("\\(PostgreSQL\\) (\\d+)").matcher(dump);
        return major.find() && Integer.parseInt(major.group(1)) >= serverMajor
                ? Optional.empty()
                : Optional.of("left out: it needs pg_dump " + serverMajor + ", and there is " + dump);
    }

    private static String answer(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static Optional<Path> onPath(String name) {
        return Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .filter(each -> !each.isEmpty())
                .map(each -> Path.of(each, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public String name() {
        return "pgcopydb";
    }

    @Override
    public boolean wantsTables() {
        return false;
    }

    @Override
    public void load(ServerSettings target, String run, Parts parts) throws Exception {
        Path log = directory.resolve(run + ".log");
        // it ends its whole process group when it fails, and that is ours
        ProcessBuilder clone = new ProcessBuilder(
                "setsid",
                "--wait",
                program.toString(),
                "clone",
                "--table-jobs",
                JOBS,
                "--index-jobs",
                JOBS,
                "--no-owner",
                "--no-acl",
                "--dir",
                directory.resolve(run).toString(),
                "--source",
                uri(servers.source()),
                "--target",
                uri(target));
        Process process =
                clone.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        parts.add(process::destroyForcibly);
        if (process.waitFor() != 0) {
            throw new IOException("pgcopydb failed: " + Files.readString(log));
        }
    }

    private static String uri(ServerSettings server) {
        return "postgres://%s:%s@%s:%d/%s"
                .formatted(server.user(), server.password(), server.host(), server.port(), server.database());
    }
}
