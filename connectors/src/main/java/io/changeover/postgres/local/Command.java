package io.changeover.postgres.local;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A short program of the operating system, run to its end. */
final class Command {

    private Command() {}

    /**
     * Runs a program that has to succeed.
     *
     * @return what it wrote, stderr included, without white space around
     * @throws IllegalStateException with that text if it exits with anything but 0
     */
    static String run(List<String> command) {
        Result result = execute(command);
        if (result.status() != 0) {
            throw new IllegalStateException("%s exited with status %d: %s"
                    .formatted(String.join(" ", command), result.status(), result.output()));
        }
        return result.output();
    }

    /** Runs a program that answers a question by its exit status. */
    static boolean succeeds(List<String> command) {
        return execute(command).status() == 0;
    }

    /** Starts a builder in the C locale and outside of directories that another user may not enter. */
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private static Result execute(List<String> command) {
        try {
            Process process = builder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            byte[] output = process.getInputStream().readAllBytes();
            return new Result(process.waitFor(), new String(output, StandardCharsets.UTF_8).strip());
        } catch (InterruptedException e) {
            throw interrupted(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static UncheckedIOException interrupted(Object during) {
        Thread.currentThread().interrupt();
        return new UncheckedIOException(new InterruptedIOException("Interrupted during " + during));
    }

    private record Result(int status, String output) {}
}
