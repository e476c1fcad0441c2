package io.changeover.preflight;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs of PostgreSQL on this machine.
 *
 * @param majors major versions by name; one that is not there is missing
 */
public record Tools(Map<String, Integer> majors) {

    /** {@code pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)}. */
    private static final Pattern VERSION = Pattern.compile("\\) ([0-9]+)");

    public Tools {
        majors = Map.copyOf(majors);
    }

    /** Asks pg_dump, pg_restore and psql on the PATH for their versions. */
    public static Tools onPath() {
        Map<String, Integer> majors = new TreeMap<>();
        for (String program : ToolRules.PROGRAMS) {
            output(program).flatMap(Tools::major).ifPresent(major -> majors.put(program, major));
        }
        return new Tools(majors);
    }

    /** The major version in the answer to {@code --version}. */
    static Optional<Integer> major(String output) {
        Matcher matcher = VERSION.matcher(output);
        return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }

    private static Optional<String> output(String program) {
        try {
            Process process = new ProcessBuilder(program, "--version")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
                        ? Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        : Optional.empty();
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
