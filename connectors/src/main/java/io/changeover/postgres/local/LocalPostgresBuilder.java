package io.changeover.postgres.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Says what a {@link LocalPostgres} is to be like. Everything has a default. */
public final class LocalPostgresBuilder {

    private final int major;
    private final Map<String, String> configuration = new LinkedHashMap<>();
    private Optional<Path> directory = Optional.empty();
    private Optional<Path> cache = Optional.empty();
    private Optional<Boolean> keep = Optional.empty();
    private int port;
    private boolean durable = true;

    LocalPostgresBuilder(int major) {
        this.major = major;
    }

    /**
     * Where data, log and password are; a server that was there before is started again. The default is a new
     * directory, which is deleted with the server. If root starts the server and its user cannot enter the directory,
     * one under /tmp stands in for it.
     */
    public LocalPostgresBuilder directory(Path where) {
        directory = Optional.of(where);
        return this;
    }

    /** Where PostgreSQL's programs are unpacked; the default is a directory under /tmp. */
    public LocalPostgresBuilder cacheDirectory(Path where) {
        cache = Optional.of(where);
        return this;
    }

    /** The TCP port; 0, the default, means that of the server that was there before, or any free one. */
    public LocalPostgresBuilder port(int number) {
        port = number;
        return this;
    }

    /** A server setting, such as {@code wal_level} and {@code logical}. */
    public LocalPostgresBuilder setting(String name, String value) {
        configuration.put(name, value);
        return this;
    }

    /** {@code false} trades safety in a power cut for speed; data still survives {@link LocalPostgres#kill()}. */
    public LocalPostgresBuilder fsync(boolean on) {
        durable = on;
        return this;
    }

    /**
     * Whether {@link LocalPostgres#close()} leaves the directory; the default is yes for a directory that was given.
     */
    public LocalPostgresBuilder keepDirectory(boolean yes) {
        keep = Optional.of(yes);
        return this;
    }

    /**
     * Unpacks the programs and makes the database cluster where needed, and starts the server.
     *
     * @return a running server, which the caller closes
     * @throws IllegalStateException if the version is not on the class path or the server does not start
     */
    public LocalPostgres start() {
        try {
            LocalPostgres server = prepare();
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LocalPostgres prepare() throws IOException {
        ServerUser user = ServerUser.choose();
        Path binaries = PostgresBinaries.unpack(major, cache.orElseGet(PostgresBinaries::defaultCache));
        ServerFiles files =
                directory.isPresent() ? ServerFiles.at(directory.get(), user) : new ServerFiles(temporary());
        if (!files.hasData()) {
            files.initialize(major, binaries, user, durable);
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put("fsync", durable ? "on" : "off");
        all.putAll(configuration);
        return new LocalPostgres(
                binaries,
                user,
                files,
                all,
                choosePort(files),
                files.read("password", ""),
                keep.orElse(directory.isPresent()));
    }

    private int choosePort(ServerFiles files) throws IOException {
        int earlier = Integer.parseInt(files.read("port", "0"));
        boolean keepsIt = earlier > 0
                && (FreePort.isFree(earlier)
                        || Postmaster.runningIn(files.data()).isPresent());
        int chosen = port > 0 ? port : keepsIt ? earlier : FreePort.any();
        files.write("port", String.valueOf(chosen));
        return chosen;
    }

    private static Path temporary() throws IOException {
        Path directory = Files.createTempDirectory("changeover-postgres-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path made = directory;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteQuietly(made), "delete-" + made.getFileName()));
        return made;
    }

    private static void deleteQuietly(Path directory) {
        try {
            Postmaster.runningIn(directory.resolve("pgdata")).ifPresent(Postmaster::kill);
            if (Files.exists(directory)) {
                Directories.delete(directory);
            }
        } catch (IOException e) {
            System.getLogger(LocalPostgres.class.getName())
                    .log(System.Logger.Level.WARNING, "Could not delete {0}", directory);
        }
    }
}
