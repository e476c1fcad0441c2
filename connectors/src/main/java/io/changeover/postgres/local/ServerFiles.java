package io.changeover.postgres.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/**
 * What a server keeps on disk: its data, its log, and the port and password by which the next JVM finds it again.
 *
 * @param directory where all of it is
 */
record ServerFiles(Path directory) {

    /** The first version that has it. */
    private static final int SCRAM = 10;

    /** The first version whose initdb lets replication connections in. */
    private static final int REPLICATION_BY_DEFAULT = 10;

    /**
     * The files of a server under {@code wanted}, or, if the server's user cannot get there (root's home, say), under a
     * directory of /tmp that belongs to this path.
     */
    static ServerFiles at(Path wanted, ServerUser user) throws IOException {
        Path absolute = wanted.toAbsolutePath().normalize();
        if (user.canEnter(existing(absolute))) {
            ServerUser.makeOpen(absolute);
            return new ServerFiles(absolute);
        }
        Path reachable = PostgresBinaries.defaultCache().resolve("data-" + shortHash(absolute.toString()));
        ServerUser.makeOpen(reachable);
        return new ServerFiles(reachable);
    }

    private static Path existing(Path path) {
        Path parent = path.getParent();
        return Files.exists(path) || parent == null ? path : existing(parent);
    }

    Path data() {
        return directory.resolve("pgdata");
    }

    Path log() {
        return directory.resolve("server.log");
    }

    /** The end of the server's log, for the message about a server that did not start. */
    String logTail() throws IOException {
        List<String> lines = Files.exists(log()) ? Files.readAllLines(log(), StandardCharsets.ISO_8859_1) : List.of();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    boolean hasData() {
        return Files.exists(data().resolve("PG_VERSION")) && Files.exists(properties());
    }

    /** Makes a database cluster with a superuser {@code postgres} that has a random password. */
    void initialize(int major, Path binaries, ServerUser user, boolean durable) throws IOException {
        if (Files.exists(data())) {
            Directories.delete(data()); // an earlier attempt broke off
        }
        user.makePrivate(data());
        String password = new BigInteger(160, new SecureRandom()).toString(36);
        Path passwordFile = Files.createTempFile(directory, "password", "");
        try {
            Files.writeString(passwordFile, password);
            user.give(passwordFile);
            Command.run(user.command(List.of(
                    binaries.resolve("bin/initdb").toString(),
                    "--pgdata=" + data(),
                    "--username=postgres",
                    "--pwfile=" + passwordFile,
                    "--auth=" + authentication(major),
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    durable ? "--data-checksums" : "-N")));
        } finally {
            Files.delete(passwordFile);
        }
        if (major < REPLICATION_BY_DEFAULT) {
            Files.writeString(
                    data().resolve("pg_hba.conf"),
                    "\nhost replication all 127.0.0.1/32 md5\n",
                    StandardOpenOption.APPEND);
        }
        write("password", password);
    }

    private static String authentication(int major) {
        return major >= SCRAM ? "scram-sha-256" : "md5";
    }

    String read(String key, String otherwise) throws IOException {
        return load().getProperty(key, otherwise);
    }

    void write(String key, String value) throws IOException {
        Properties properties = load();
        properties.setProperty(key, value);
        Path fresh = Files.createTempFile(
                directory,
                "server",
                ".properties",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(fresh, StandardOpenOption.WRITE)) {
            properties.store(out, "Changeover's local PostgreSQL server");
        }
        Files.move(fresh, properties(), StandardCopyOption.REPLACE_EXISTING);
    }

    private Properties load() throws IOException {
        Properties properties = new Properties();
        if (Files.exists(properties())) {
            try (InputStream in = Files.newInputStream(properties())) {
                properties.load(in);
            }
        }
        return properties;
    }

    private Path properties() {
        return directory.resolve("server.properties");
    }

    private static String shortHash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(hash, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
