package io.changeover.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A command run in this JVM.
 *
 * @param exitCode what a script would see
 * @param out what it wrote to its standard output
 * @param err what it wrote to its standard error
 */
record RunCommand(int exitCode, String out, String err) {

    private static final String LOG = "changeover.log";

    /** Runs it; the standard streams and the system property that it sets are put back afterwards. */
    static synchronized RunCommand run(String... arguments) {
        PrintStream systemOut = System.out;
        PrintStream systemErr = System.err;
        Optional<String> log = Optional.ofNullable(System.getProperty(LOG));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Main.run(arguments);
            return new RunCommand(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(systemOut);
            System.setErr(systemErr);
            log.ifPresentOrElse(value -> System.setProperty(LOG, value), () -> System.clearProperty(LOG));
        }
    }
}
