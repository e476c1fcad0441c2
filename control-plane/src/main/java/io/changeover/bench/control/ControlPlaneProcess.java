package io.changeover.bench.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code changeover up} in a JVM of its own that takes little memory, as docs/deploy.md has it, on a cluster that is
 * there.
 */
final class ControlPlaneProcess implements AutoCloseable {

    /** By name: nobody but the script starts it otherwise. */
    private static final String COMMAND = "io.changeover.cli.Main";

    private static final Pattern ANSWERS = Pattern.compile("REST answers at (\\S+?),? .*");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final Process process;
    private final URI uri;
    private final Path errors;

    private ControlPlaneProcess(Process process, URI uri, Path errors) {
        this.process = process;
        this.uri = uri;
        this.errors = errors;
    }

    /**
     * Starts it, on a free port.
     *
     * @param directory for its files
     * @param secrets where references of passwords lead
     * @param heap as for {@code -Xmx}
     * @throws IllegalStateException if it does not say where it answers
     */
    static ControlPlaneProcess start(
            Path directory, Path secrets, String heap, String bootstrapServers, String connectUrl) throws IOException {
        Files.createDirectories(directory);
        Path errors = directory.resolve("up.err");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:ReservedCodeCacheSize=40m",
                        "-Xss512k",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        COMMAND,
                        "up",
                        "--listen",
                        "127.0.0.1:0",
                        "--work-dir",
                        directory.toString(),
                        "--secret-paths",
                        secrets.toString(),
                        "--bootstrap-servers",
                        bootstrapServers,
                        "--connect-url",
                        connectUrl))
                .redirectError(errors.toFile());
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        Process process = builder.start();
        // not closed: the pipe ends with the process
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher answers = ANSWERS.matcher(line);
            if (answers.matches()) {
                return new ControlPlaneProcess(process, URI.create(answers.group(1)), errors);
            }
        }
        process.destroyForcibly();
        throw new IllegalStateException("The control plane did not start: " + Files.readString(errors));
    }

    /** Where it answers. */
    URI uri() {
        return uri;
    }

    /** Why it does not answer any more. */
    IOException gone(IOException reason) throws IOException {
        String state = process.isAlive() ? "runs" : "ended with " + process.exitValue();
        return new IOException(
                "The control plane does not answer; it " + state + ": " + Files.readString(errors), reason);
    }

    /** How much CPU time it has taken, in seconds. */
    double cpuSeconds() {
        return process.info().totalCpuDuration().orElseThrow().toMillis() / 1000.0;
    }

    /** How much memory it has, in MiB. */
    double residentMebibytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            return lines.map(RESIDENT::matcher)
                            .filter(Matcher::matches)
                            .mapToLong(found -> Long.parseLong(found.group(1)))
                            .findFirst()
                            .orElseThrow()
                    / 1024.0;
        }
    }

    /** Has it collect its garbage. */
    void collect() throws IOException, InterruptedException {
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("jcmd ended with " + status);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
