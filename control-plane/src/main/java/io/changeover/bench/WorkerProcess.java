package io.changeover.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A Connect worker in a JVM of its own, so that its CPU time can be told from the broker's and the benchmark's. */
public final class WorkerProcess implements AutoCloseable {

    private static final String HEAP = "1g";

    /** What the script {@code changeover} tells its JVM about compiler and collector, and so this one; see there. */
    private static final Predicate<String> SHARED =
            Pattern.compile("-XX:(Tier4.*|\\+Use[A-Za-z]*GC)").asMatchPredicate();

    private final Process process;
    private final String url;

    private WorkerProcess(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts one with the settings of {@code config/worker.properties}.
     *
     * @param directory for its log; made if it is not there
     * @param bootstrapServers the broker, which is running
     * @return a worker that takes connectors, which the caller closes
     * @throws IllegalStateException if it does not start
     */
    public static WorkerProcess start(Path directory, String bootstrapServers) throws IOException {
        return start(directory, bootstrapServers, Map.of());
    }

    /**
     * The same with settings that replace those of the file.
     *
     * @param settings of the worker, by name
     */
    public static WorkerProcess start(Path directory, String bootstrapServers, Map<String, String> settings)
            throws IOException {
        return start(directory, bootstrapServers, settings, HEAP);
    }

    /**
     * The same with another heap.
     *
     * @param heap as for {@code -Xmx}; all of it from the beginning, so that what it does is the same in each run
     */
    public static WorkerProcess start(
            Path directory, String bootstrapServers, Map<String, String> settings, String heap) throws IOException {
        Files.createDirectories(directory);
        Path errors = directory.resolve("worker.err");
        Process process = new ProcessBuilder(command(directory, bootstrapServers, settings, heap))
                .redirectError(errors.toFile())
                .start();
        // not closed: the pipe ends with the process
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String url = output.readLine();
        if (url == null) {
            process.destroyForcibly();
            throw new IllegalStateException("The Connect worker did not start: " + Files.readString(errors));
        }
        return new WorkerProcess(process, url);
    }

    private static List<String> command(
            Path directory, String bootstrapServers, Map<String, String> settings, String heap) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xms" + heap);
        command.add("-Xmx" + heap);
        command.add("-XX:+ExitOnOutOfMemoryError");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(SHARED)
                .forEach(command::add);
        command.addAll(List.of(
                "-Dlog4j2.configurationFile=classpath:log4j2.xml",
                "-Dchangeover.log=" + directory.resolve("worker.log"),
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                directory.toString(),
                bootstrapServers));
        settings.forEach((name, value) -> command.add(name + "=" + value));
        return command;
    }

    /** Where Connect's REST API answers. */
    public String url() {
        return url;
    }

    /** For its CPU time. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Kills it. Connectors that are to be gone have to be deleted before. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            process.getOutputStream().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
