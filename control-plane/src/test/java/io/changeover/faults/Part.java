package io.changeover.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JVM of a stack that can be killed, stopped and started again. */
final class Part implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("(?m)^ready: (\\S+)$");

    private final List<String> arguments;
    private final Path output;
    private Process process;

    private Part(List<String> arguments, Path output, Process process) {
        this.arguments = arguments;
        this.output = output;
        this.process = process;
    }

    static Part start(Path directory, String... arguments) throws IOException {
        Path output = directory.resolve(arguments[0] + ".log");
        return new Part(List.of(arguments), output, launch(List.of(arguments), output));
    }

    private static Process launch(List<String> arguments, Path output) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-Dlog4j2.configurationFile=classpath:log4j2.xml",
                "-cp",
                System.getProperty("java.class.path"),
                StackProcess.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    /** Where it answers; waits until it does for the first time. */
    String address() {
        return await(arguments.get(0))
                .atMost(Duration.ofSeconds(90))
                .until(this::said, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<String> said() throws IOException {
        Matcher matcher = READY.matcher(Files.readString(output));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** SIGKILL. */
    synchronized void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts it again after {@link #kill}. */
    synchronized void again() {
        try {
            process = launch(arguments, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void suspend() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    private synchronized void signal(String signal) {
        try {
            new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
