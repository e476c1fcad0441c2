package io.changeover.sink;

import io.changeover.fault.CrashPoint;
import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;

/** A JVM of its own that applies {@link CrashTopic} and ends; with the status 3 if it had to stop, having said why. */
final class SinkProcess implements AutoCloseable {

    static final int STOPPED = 3;

    private static final String ROWS = "test.rows";
    private static final String ALTERED = "test.altered";

    private final Process process;

    private SinkProcess(Process process) {
        this.process = process;
    }

    public static void main(String[] arguments) {
        ServerSettings target = ServerArguments.read(arguments);
        try {
            if (Boolean.getBoolean(ROWS)) {
                followRows(target);
            } else if (Boolean.getBoolean(ALTERED)) {
                AlteredTopic.follow(target);
            } else {
                followChanges(target);
            }
        } catch (ConnectException e) {
            System.out.println(e.getMessage());
            System.exit(STOPPED);
        }
    }

    private static void followChanges(ServerSettings target) {
        try (RunningSink sink = new RunningSink(target, CrashTopic.settings())) {
            CrashTopic.follow(sink);
        }
    }

    private static void followRows(ServerSettings target) {
        RefusedRecords records = new RefusedRecords();
        String mode = System.getProperty(CrashTopic.FAILURE_MODE, "stop");
        try (RunningRows sink = records.open(target, "change.failure.mode", mode)) {
            records.follow(sink);
        }
    }

    static SinkProcess start(ServerSettings target) throws IOException {
        return start(target, List.of());
    }

    /** One that ends at a crash point. */
    static SinkProcess crashingAt(CrashPoint point, int time, ServerSettings target) throws IOException {
        return start(target, List.of("-D" + CrashPoint.PROPERTY + "=" + point.id() + ":" + time));
    }

    /** The same, with a mode for changes that cannot be applied. */
    static SinkProcess crashingAt(CrashPoint point, int time, String failureMode, ServerSettings target)
            throws IOException {
        return start(
                target,
                List.of(
                        "-D" + CrashPoint.PROPERTY + "=" + point.id() + ":" + time,
                        "-D" + CrashTopic.FAILURE_MODE + "=" + failureMode));
    }

    /** One that applies {@link RefusedRecords} instead, and ends at a crash point. */
    static SinkProcess ofRowsCrashingAt(CrashPoint point, int time, String failureMode, ServerSettings target)
            throws IOException {
        return start(
                target,
                List.of(
                        "-D" + ROWS + "=true",
                        "-D" + CrashPoint.PROPERTY + "=" + point.id() + ":" + time,
                        "-D" + CrashTopic.FAILURE_MODE + "=" + failureMode));
    }

    /** One that applies {@link AlteredTopic} instead. */
    static SinkProcess ofAlteredTable(ServerSettings target) throws IOException {
        return start(target, List.of("-D" + ALTERED + "=true"));
    }

    /** The same, and it ends at a crash point. */
    static SinkProcess ofAlteredTableCrashingAt(CrashPoint point, int time, ServerSettings target) throws IOException {
        return start(
                target, List.of("-D" + ALTERED + "=true", "-D" + CrashPoint.PROPERTY + "=" + point.id() + ":" + time));
    }

    /** One that does not crash. */
    static SinkProcess failing(String failureMode, ServerSettings target) throws IOException {
        return start(target, List.of("-D" + CrashTopic.FAILURE_MODE + "=" + failureMode));
    }

    private static SinkProcess start(ServerSettings target, List<String> properties) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(properties);
        command.add(SinkProcess.class.getName());
        command.addAll(ServerArguments.of(target));
        return new SinkProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    int status() throws InterruptedException {
        if (!process.waitFor(100, TimeUnit.SECONDS)) {
            throw new AssertionError("The process does not end");
        }
        return process.exitValue();
    }

    /** All that it says until it ends. */
    String output() throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
