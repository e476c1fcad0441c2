package io.changeover.schema;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PostgreSQL's client programs on this machine. They get nothing from a shell, and no setting of PostgreSQL from this
 * process's environment but those that the caller gives.
 *
 * @param directory where they are; empty means the PATH
 */
public record ClientPrograms(Optional<Path> directory) {

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    /** Those on the PATH. */
    public static ClientPrograms onPath() {
        return new ClientPrograms(Optional.empty());
    }

    /** The major version of pg_dump. */
    int major() throws SchemaException, InterruptedException {
        String answer = run("pg_dump", List.of("--version"), Map.of());
        Matcher version = VERSION.matcher(answer);
        if (!version.find()) {
            throw new SchemaException("pg_dump --version says: " + answer.strip());
        }
        return Integer.parseInt(version.group(1));
    }

    /**
     * Runs a program to its end.
     *
     * @param arguments must hold no secret: every user of the machine can read them
     * @param environment how it connects, see {@link ClientEnvironment}
     * @return what it wrote to its standard output
     * @throws SchemaException if it is missing or fails, with what it wrote to its standard error
     */
    String run(String program, List<String> arguments, Map<String, String> environment)
            throws SchemaException, InterruptedException {
        try {
            Path errors = Files.createTempFile("changeover-", ".err");
            Path output = Files.createTempFile("changeover-", ".out");
            try {
                run(command(program, arguments), environment, output, errors);
                return text(output);
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (SchemaException e) {
            throw e;
        } catch (IOException e) {
            throw new SchemaException(
                    "Could not run " + program + ": install PostgreSQL's client programs (Debian: postgresql-client)",
                    e);
        }
    }

    private List<String> command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(directory.map(path -> path.resolve(program).toString()).orElse(program));
        command.addAll(arguments);
        return command;
    }

    private static void run(List<String> command, Map<String, String> environment, Path output, Path errors)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            process.getOutputStream().close();
            if (process.waitFor() != 0) {
                throw new SchemaException(
                        command.get(0) + " failed: " + text(errors).strip());
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
