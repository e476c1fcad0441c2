package io.changeover.postgres.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The operating system's user that runs the server. PostgreSQL refuses to run as root; root therefore hands over to
 * {@code postgres}, or to {@code nobody} where there is none.
 *
 * @param other whom to become; empty: stay who we are
 */
record ServerUser(Optional<String> other) {

    private static final Set<PosixFilePermission> ONLY_OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> ALL_ENTER = PosixFilePermissions.fromString("rwxr-xr-x");

    static ServerUser choose() {
        if (ownUid() != 0) {
            return new ServerUser(Optional.empty());
        }
        boolean postgresExists = Command.succeeds(List.of("id", "-u", "postgres"));
        return new ServerUser(Optional.of(postgresExists ? "postgres" : "nobody"));
    }

    /** The user id of this JVM, which owns its entry in /proc. */
    static int ownUid() {
        return uid(Path.of("/proc/self"));
    }

    static int uid(Path path) {
        try {
            return (Integer) Files.getAttribute(path, "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command that runs {@code program} as this user. */
    List<String> command(List<String> program) {
        return other.map(name ->
                        prepend(List.of("setpriv", "--reuid", name, "--regid", group(name), "--clear-groups"), program))
                .orElse(program);
    }

    /**
     * The command that runs {@code program} as this user in a session of its own, where Ctrl-C in our terminal does not
     * reach it, and which the kernel sends SIGINT (a fast shutdown of PostgreSQL) when the thread that started it ends,
     * be it by kill -9.
     */
    List<String> serverCommand(List<String> program) {
        List<String> becomes = other.map(name -> List.of("--reuid", name, "--regid", group(name), "--clear-groups"))
                .orElse(List.of());
        return prepend(prepend(List.of("setsid", "setpriv", "--pdeathsig", "INT"), becomes), program);
    }

    /** Whether this user may enter {@code directory}, which exists. */
    boolean canEnter(Path directory) {
        return Command.succeeds(command(List.of("test", "-x", directory.toString())));
    }

    /** Makes a directory that only this user may enter. */
    void makePrivate(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, ONLY_OWNER);
        give(directory);
    }

    /** Makes a directory that everybody may enter, with the parents it needs. */
    static void makeOpen(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.getParent();
            if (parent != null) {
                makeOpen(parent);
            }
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, ALL_ENTER);
        }
    }

    void give(Path path) throws IOException {
        if (other.isPresent()) {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(other.get()));
        }
    }

    private static String group(String name) {
        return Command.run(List.of("id", "-g", name));
    }

    private static List<String> prepend(List<String> first, List<String> then) {
        List<String> all = new ArrayList<>(first);
        all.addAll(then);
        return List.copyOf(all);
    }
}
