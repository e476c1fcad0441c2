package io.changeover.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A file system that can be full, at once and without anything in it: its size becomes what is in use. It lies in
 * memory, and only root can make one. Thread-safe.
 */
final class SmallDisk implements AutoCloseable {

    private static final String ROOMY = "4g";
    private static final int ATTEMPTS = 200;

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Whether who runs this test may make one. */
    static boolean isPossible() {
        try (SmallDisk disk = ownedBy(Path.of("/proc/self"))) {
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /**
     * Makes an empty one.
     *
     * @param example belongs to who is to write there
     * @throws IllegalStateException with the words of {@code mount}, if it may not be made
     */
    static SmallDisk ownedBy(Path example) {
        try {
            Path directory = Files.createTempDirectory("changeover-disk-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            String options = "size=%s,mode=700,uid=%s,gid=%s"
                    .formatted(ROOMY, Files.getAttribute(example, "unix:uid"), Files.getAttribute(example, "unix:gid"));
            SmallDisk disk = new SmallDisk(directory);
            try {
                run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString());
            } catch (IllegalStateException e) {
                Files.delete(directory);
                throw e;
            }
            return disk;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    /** Nothing more fits. */
    void fill() {
        try {
            FileStore store = Files.getFileStore(directory);
            for (int attempt = 1; ; attempt++) {
                try {
                    resize(String.valueOf(Math.max(1, store.getTotalSpace() - store.getUnallocatedSpace())));
                    return;
                } catch (IllegalStateException e) {
                    if (attempt == ATTEMPTS) { // somebody writes all the time, and more fits in than he leaves
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** There is room again. */
    void free() {
        resize(ROOMY);
    }

    private void resize(String size) {
        run("mount", "-o", "remount,size=" + size, directory.toString());
    }

    private static void run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.onExit().join().exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", List.of(command)) + ": " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", List.of(command)), e);
        }
    }

    /** Whoever has written there is gone by now. */
    @Override
    public void close() {
        run("umount", directory.toString());
        try {
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
