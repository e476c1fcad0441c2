package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.cli.Main;
import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code changeover migrate} in a JVM of its own, which can be killed. */
final class MigrateProcess implements AutoCloseable {

    private static final Pattern REST = Pattern.compile("REST answers at (http://[^,\\s]+)");

    private final Process process;
    private final Path output;

    private MigrateProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** The same arguments each time, as a person would repeat them. */
    static MigrateProcess start(Databases databases, Path directory) throws IOException {
        return start(databases, directory, "auto", List.of("-Xmx768m", "-XX:TieredStopAtLevel=1"));
    }

    /** The same with another cutover, and other options of the JVM. */
    static MigrateProcess start(Databases databases, Path directory, String cutover, List<String> options)
            throws IOException {
        List<String> arguments = List.of("--cutover", cutover);
        return start(directory, yaml(databases), Map.of("E2E_PASSWORD", Servers.PASSWORD), options, arguments);
    }

    /** The same with any file, variables and arguments. */
    static MigrateProcess start(
            Path directory, String yaml, Map<String, String> variables, List<String> options, List<String> arguments)
            throws IOException {
        Path file = directory.resolve("migration.yaml");
        Files.writeString(file, yaml);
        Path output = Files.createTempFile(directory, "output-", ".txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(options);
        command.addAll(List.of(
                "-Dlog4j2.configurationFile=classpath:log4j2.xml",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "migrate",
                "-f",
                file.toString(),
                "--work-dir",
                directory.resolve("work").toString(),
                "--listen",
                "127.0.0.1:0",
                "--report",
                directory.resolve("report.json").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(variables);
        return new MigrateProcess(
                builder.redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    /** The same with a way back. */
    static MigrateProcess startWithFallback(Databases databases, Path directory, List<String> options)
            throws IOException {
        String yaml = yaml(databases) + "  fallback: {enabled: true}\n";
        List<String> arguments = List.of("--cutover", "auto");
        return start(directory, yaml, Map.of("E2E_PASSWORD", Servers.PASSWORD), options, arguments);
    }

    private static String yaml(Databases databases) {
        return """
                apiVersion: changeover.io/v1alpha1
                kind: Migration
                metadata:
                  name: %s
                spec:
                  source: %s
                  target: %s
                  databases:
                    - source: %s
                """.formatted(
                        databases.migration(),
                        server(databases.source(Servers.MIGRATOR)),
                        server(databases.target(Servers.MIGRATOR)),
                        databases.name());
    }

    private static String server(ServerSettings server) {
        return "{host: %s, port: %d, user: %s, password: \"${env:E2E_PASSWORD}\"}"
                .formatted(server.host(), server.port(), server.user());
    }

    /** Waits until the pair is in this state or a later one, as REST tells it, and returns the state that it saw. */
    String awaitState(Databases databases, List<String> states) {
        Api api = api();
        return await("one of " + states)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(4))
                .until(() -> state(api, databases), states::contains);
    }

    private String state(Api api, Databases databases) {
        try {
            return api.database(databases).path("state").asText();
        } catch (IllegalStateException e) {
            throw new AssertionError("REST does not answer, the process says:\n" + output(), e);
        }
    }

    /** Its REST API, as soon as it answers. */
    Api api() {
        return new Api(await("the address of REST")
                .atMost(Duration.ofSeconds(60))
                .until(this::rest, Optional::isPresent)
                .orElseThrow());
    }

    private Optional<URI> rest() throws IOException {
        assertThat(process.isAlive()).as(this::output).isTrue();
        Matcher matcher = REST.matcher(Files.readString(output));
        return matcher.find() ? Optional.of(URI.create(matcher.group(1))) : Optional.empty();
    }

    /** Its processes: the JVM and what it has started. */
    Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end; fails with the output if the exit code is another. */
    void assertExit(int code) throws InterruptedException {
        assertExit(code, Duration.ofSeconds(150));
    }

    /** The same with more patience. */
    void assertExit(int code, Duration patience) throws InterruptedException {
        assertThat(process.waitFor(patience.toSeconds(), TimeUnit.SECONDS))
                .as(this::output)
                .isTrue();
        assertThat(process.exitValue()).as(this::output).isEqualTo(code);
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
