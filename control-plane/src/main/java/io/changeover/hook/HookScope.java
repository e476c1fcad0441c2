package io.changeover.hook;

import io.changeover.spec.HookSpec;
import io.changeover.spec.MigrationSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which hooks may be run. Without it, whoever may create a migration could have any program of this machine run, and
 * any server reached that this machine reaches.
 *
 * @param paths directories with programs that may be run with any arguments
 * @param urls beginnings of URLs that may be told; the whole host and port have to be there
 * @param commands programs with arguments that may be run just so, wherever they are
 * @param exactUrls URLs that may be told just so
 */
public record HookScope(List<Path> paths, List<String> urls, Set<List<String>> commands, Set<String> exactUrls) {

    /** No hook at all. */
    public static final HookScope NOTHING = new HookScope(List.of(), List.of(), Set.of(), Set.of());

    public HookScope {
        paths = List.copyOf(paths);
        urls = List.copyOf(urls);
        commands = Set.copyOf(commands);
        exactUrls = Set.copyOf(exactUrls);
    }

    /** These directories and beginnings of URLs, and nothing else. */
    public static HookScope of(List<Path> paths, List<String> urls) {
        return new HookScope(paths, urls, Set.of(), Set.of());
    }

    /** The same, and what a migration names itself, word for word. */
    public HookScope with(MigrationSpec spec) {
        Set<List<String>> named = new HashSet<>(commands);
        Set<String> told = new HashSet<>(exactUrls);
        for (HookSpec hook : spec.hooks()) {
            if (hook.url().isPresent()) {
                told.add(hook.url().get());
            } else {
                named.add(hook.command());
            }
        }
        return new HookScope(paths, urls, named, told);
    }

    /** Why a hook may not be run; empty if it may. */
    public Optional<String> refusal(HookSpec hook) {
        return (hook.url().isPresent() ? refusal(hook.url().get()) : refusal(hook.command()))
                .map(why -> "The hook " + hook.name() + " is not allowed: " + why);
    }

    private Optional<String> refusal(String url) {
        URI wanted = URI.create(url);
        boolean allowed = exactUrls.contains(url)
                || urls.stream().map(URI::create).anyMatch(beginning -> beginsWith(wanted, beginning));
        return allowed
                ? Optional.empty()
                : Optional.of("its URL begins with none of those that hooks may tell (--hook-urls)");
    }

    private static boolean beginsWith(URI wanted, URI beginning) {
        String path = beginning.normalize().getPath();
        String directory = path.endsWith("/") ? path : path + "/";
        String asked = wanted.normalize().getPath();
        return String.valueOf(wanted.getScheme()).equalsIgnoreCase(beginning.getScheme())
                && host(wanted).equals(host(beginning))
                && wanted.getPort() == beginning.getPort()
                && !asked.contains("/../")
                && (asked.equals(path) || (asked + "/").startsWith(directory));
    }

    private static String host(URI uri) {
        return String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    }

    private Optional<String> refusal(List<String> command) {
        Path program = Path.of(command.get(0));
        if (!Files.isExecutable(program) || !Files.isRegularFile(program)) {
            return Optional.of(program + " is no program that can be run");
        }
        try {
            Path real = program.toRealPath();
            if (!commands.contains(command) && !isBelow(real)) {
                return Optional.of(program + " is in none of the directories of hooks (--hook-paths)");
            }
            return isAnybodys(real) || isAnybodys(real.resolve("..").normalize())
                    ? Optional.of("anybody on this machine may change " + real + ", or the directory that it is in")
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.of(program + " cannot be looked at: " + e);
        }
    }

    /** Where a link leads counts, and where a directory's own link leads. */
    private boolean isBelow(Path real) throws IOException {
        for (Path path : paths) {
            if (Files.isDirectory(path) && real.startsWith(path.toRealPath())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAnybodys(Path path) throws IOException {
        return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE);
    }
}
