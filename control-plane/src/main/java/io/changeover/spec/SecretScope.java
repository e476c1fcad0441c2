package io.changeover.spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where references may lead. Without it, whoever may create a migration could have any file of this machine read and
 * sent to a server of his choice as a password.
 *
 * @param paths directories and files in them; empty for all
 * @param variables what the names of environment variables match, a regular expression; empty for all
 */
public record SecretScope(Optional<List<Path>> paths, Optional<String> variables) {

    private static final String NOTHING = "/dev/null";

    /** No bounds. */
    public static final SecretScope EVERYTHING = new SecretScope(Optional.empty(), Optional.empty());

    public SecretScope {
        paths = paths.map(all ->
                all.stream().map(path -> path.toAbsolutePath().normalize()).toList());
    }

    /** These directories and variables, and nothing else. */
    public static SecretScope of(List<Path> paths, String variables) {
        return new SecretScope(Optional.of(paths), Optional.of(variables));
    }

    /** What a migration refers to, and files below a directory. */
    public static SecretScope of(MigrationSpec spec, Path directory) {
        List<Path> paths = new ArrayList<>(List.of(directory));
        List<SecretReference> references = Stream.concat(
                        Stream.of(spec.source().password(), spec.target().password()),
                        spec.hooks().stream().flatMap(hook -> hook.headers().values().stream()))
                .flatMap(value -> SecretReference.parse(value).stream())
                .toList();
        references.stream()
                .filter(reference -> !reference.path().isEmpty())
                .forEach(reference -> paths.add(Path.of(reference.path())));
        String variables = references.stream()
                .filter(reference -> reference.path().isEmpty())
                .map(reference -> Pattern.quote(reference.key()))
                .collect(Collectors.joining("|"));
        return of(paths, variables);
    }

    /** Why a reference may not be followed; empty if it may. */
    Optional<String> refusal(SecretReference reference) {
        return switch (reference.provider()) {
            case "env" ->
                variables
                        .filter(pattern -> !Pattern.matches(pattern, reference.key()))
                        .map(pattern -> "the environment variable " + reference.key()
                                + " is none of those that references may name (--secret-env)");
            case "file", "dir" ->
                paths.filter(allowed -> allowed.stream().noneMatch(path(reference)::startsWith))
                        .map(allowed -> reference.path() + " is not below "
                                + allowed.stream().map(Path::toString).collect(Collectors.joining(" or "))
                                + " (--secret-paths)");
            default -> Optional.empty();
        };
    }

    private static Path path(SecretReference reference) {
        return Path.of(reference.path()).toAbsolutePath().normalize();
    }

    /**
     * The settings of the providers {@code env}, {@code file} and {@code dir} that draw the same bounds in Kafka's own
     * code. Kafka refuses paths that are not there, and takes none for all: where there is none, it gets one that
     * nothing can be below.
     */
    Map<String, Map<String, String>> providers() {
        Map<String, String> allowed =
                paths.map(all -> Map.of("allowed.paths", present(all))).orElse(Map.of());
        Map<String, String> environment =
                variables.map(pattern -> Map.of("allowlist.pattern", pattern)).orElse(Map.of());
        return Map.of("env", environment, "file", allowed, "dir", allowed);
    }

    private static String present(List<Path> all) {
        String there = all.stream().filter(Files::exists).map(Path::toString).collect(Collectors.joining(","));
        return there.isEmpty() ? NOTHING : there;
    }
}
