package io.changeover.embedded;

import io.changeover.postgres.local.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory of an embedded broker and worker, locked against a second process, with the ports they had last time.
 * The lock ends with the process, however it ends.
 */
final class WorkDirectory implements AutoCloseable {

    private final Path directory;
    private final FileChannel lock;
    private final Set<Integer> taken = new HashSet<>();

    private WorkDirectory(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Makes the directory if it is not there, and locks it.
     *
     * @throws IllegalStateException if it is in use
     */
    static WorkDirectory open(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!lock(channel)) {
            channel.close();
            throw new IllegalStateException(
                    "Another process works in " + directory + ": stop it, or choose another work directory");
        }
        return new WorkDirectory(directory, channel);
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** The broker's log directory. */
    Path kafka() {
        return directory.resolve("kafka");
    }

    /** The port that {@code listener} had last time if it is still free, otherwise another one, from now on. */
    int port(String listener) throws IOException {
        Properties ports = load();
        int earlier = Integer.parseInt(ports.getProperty(listener, "0"));
        int port = earlier > 0 && FreePort.isFree(earlier) ? earlier : FreePort.any();
        while (!taken.add(port)) {
            port = FreePort.any();
        }
        ports.setProperty(listener, String.valueOf(port));
        store(ports);
        return port;
    }

    private Properties load() throws IOException {
        Properties ports = new Properties();
        if (Files.exists(file())) {
            try (InputStream in = Files.newInputStream(file())) {
                ports.load(in);
            }
        }
        return ports;
    }

    /** A kill -9 leaves the old file or the new one. */
    private void store(Properties ports) throws IOException {
        Path fresh = directory.resolve("ports.properties.new");
        try (OutputStream out = Files.newOutputStream(fresh)) {
            ports.store(out, "Ports of the embedded broker and worker");
        }
        Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file() {
        return directory.resolve("ports.properties");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
