package io.changeover.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where a migration keeps its files: for its owner only, since change topics hold rows. */
final class WorkDirectories {

    private WorkDirectories() {}

    /** {@code ~/.changeover/NAME}. */
    static Path of(String migration) {
        return Path.of(System.getProperty("user.home"), ".changeover", migration);
    }

    /** Makes the directory if it is not there, and sends the log into it. */
    static Path open(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Path parent = directory.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.USAGE, "The work directory " + directory + " cannot be used: " + e);
        }
        Path real = directory.toAbsolutePath().normalize();
        System.setProperty("changeover.log", real.resolve("changeover.log").toString());
        return real;
    }

    /** Deletes a temporary one with all that is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
