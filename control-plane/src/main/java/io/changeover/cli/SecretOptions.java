package io.changeover.cli;

import io.changeover.spec.ClusterSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.SecretScope;
import io.changeover.spec.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the references of passwords may lead. */
final class SecretOptions {

    /** Where Docker and Kubernetes put them. */
    private static final Path MOUNTED = Path.of("/run/secrets");

    private static final String PASSWORDS = "(?i).*password.*";

    @Option(
            names = "--secret-paths",
            paramLabel = "DIR",
            split = ",",
            description = "Directories that references of passwords may lead to, separated by commas.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--secret-env",
            paramLabel = "REGEX",
            description = "Environment variables that references of passwords may name.")
    private @Nullable String variables;

    /** Of a service: nothing but what is said, or the usual places. */
    Secrets ofService(Path workDirectory) {
        return secrets(SecretScope.of(
                paths.isEmpty() ? List.of(MOUNTED, made(workDirectory.resolve("secrets"))) : paths,
                Optional.ofNullable(variables).orElse(PASSWORDS)));
    }

    /**
     * Of a migration file: what it refers to itself. On a cluster there may be other migrations, which were accepted
     * when they came; what comes by REST is bounded there, too.
     */
    Secrets ofFile(MigrationSpec spec, Optional<ClusterSpec> cluster, Path workDirectory) {
        SecretScope own = SecretScope.of(spec, workDirectory);
        SecretScope scope = new SecretScope(
                own.paths().map(known -> both(known, paths)),
                own.variables().map(known -> variables == null ? known : known + "|" + variables));
        return cluster.isPresent() ? new Secrets(System.getenv()).accepting(scope) : secrets(scope);
    }

    private static List<Path> both(List<Path> some, List<Path> others) {
        List<Path> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    private Secrets secrets(SecretScope scope) {
        try {
            scope.variables().ifPresent(Pattern::compile);
            return new Secrets(System.getenv(), scope);
        } catch (PatternSyntaxException e) {
            throw new CommandFailed(ExitCode.USAGE, "--secret-env is no regular expression: " + e.getMessage());
        }
    }

    private static Path made(Path directory) {
        try {
            return Files.isDirectory(directory)
                    ? directory
                    : Files.createDirectory(
                            directory,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "The directory " + directory + " cannot be made: " + e);
        }
    }
}
