package io.changeover.fault;

import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that ends at a crash point. */
public final class CrashingProcess {

    private static final int SERVER_ARGUMENTS = 6;

    private CrashingProcess() {}

    /**
     * Runs a class until it ends.
     *
     * @return its exit status, {@link CrashPoint#STATUS} if it came to the point
     */
    public static int run(CrashPoint point, Class<?> main, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "-D" + CrashPoint.PROPERTY + "=" + point.id(),
                main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(100, TimeUnit.SECONDS)) {
                throw new AssertionError(main.getName() + " does not end");
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** How to reach a server, as arguments. */
    public static List<String> arguments(ServerSettings server) {
        return List.of(
                server.host(),
                String.valueOf(server.port()),
                server.database(),
                server.user(),
                server.password(),
                server.sslMode());
    }

    /**
     * The other way round.
     *
     * @param number of the server among them, from 0
     */
    public static ServerSettings server(String[] arguments, int number) {
        int first = number * SERVER_ARGUMENTS;
        return new ServerSettings(
                arguments[first],
                Integer.parseInt(arguments[first + 1]),
                arguments[first + 2],
                arguments[first + 3],
                arguments[first + 4],
                arguments[first + 5],
                Optional.empty());
    }
}
