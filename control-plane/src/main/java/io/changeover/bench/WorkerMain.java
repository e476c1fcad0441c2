package io.changeover.bench;

import io.changeover.embedded.EmbeddedWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main class of a JVM that is a Connect worker and nothing else. It says where REST answers, and ends when its
 * standard input does: with the process that started it, however that ends.
 */
public final class WorkerMain {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerMain.class);

    private WorkerMain() {}

    /**
     * Starts a worker.
     *
     * @param arguments its directory, the broker, and settings as {@code name=value} that replace those of the file
     */
    public static void main(String[] arguments) {
        int status = 1;
        try {
            EmbeddedWorker worker = EmbeddedWorker.start(Path.of(arguments[0]), arguments[1], settings(arguments));
            System.out.println(worker.uri());
            awaitEndOfInput();
            status = 0;
        } catch (IOException | RuntimeException e) {
            LOG.error("The worker did not start", e);
            System.err.println(e + (e.getCause() == null ? "" : ": " + e.getCause()));
        }
        // not exit: nobody needs what Connect would still say good-bye to
        Runtime.getRuntime().halt(status);
    }

    private static Map<String, String> settings(String[] arguments) {
        return Arrays.stream(arguments)
                .skip(2)
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // what is written there means nothing
        }
    }
}
