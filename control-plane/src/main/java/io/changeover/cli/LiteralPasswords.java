package io.changeover.cli;

import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ServerSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.Set;

/**
 * Moves passwords that stand in a migration file to a file of the work directory that only its owner can read, and puts
 * references in their place: nothing that is stored, sent or shown holds a password.
 */
final class LiteralPasswords {

    private static final String FILE = "passwords.properties";

    private LiteralPasswords() {}

    /** The same migration without literal passwords. */
    static MigrationSpec moved(MigrationSpec spec, Path workDirectory) {
        if (!spec.source().passwordIsLiteral() && !spec.target().passwordIsLiteral()) {
            return spec;
        }
        requireReferences(spec);
        Path file = workDirectory.resolve(FILE);
        Properties passwords = new Properties();
        ServerSpec source = moved(spec.source(), "source", file, passwords);
        ServerSpec target = moved(spec.target(), "target", file, passwords);
        write(file, passwords);
        return spec.withServers(source, target);
    }

    /** The same migration with what {@link #moved} would put in the place of literal passwords; nothing is written. */
    static MigrationSpec hidden(MigrationSpec spec) {
        Path file = WorkDirectories.of(spec.name()).resolve(FILE);
        return spec.withServers(
                moved(spec.source(), "source", file, new Properties()),
                moved(spec.target(), "target", file, new Properties()));
    }

    /** Ends the command if a password would have to be handed to workers of an existing cluster. */
    static void requireReferences(MigrationSpec spec) {
        if (spec.cluster().isPresent()
                && (spec.source().passwordIsLiteral() || spec.target().passwordIsLiteral())) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "With an existing Connect cluster, passwords must be references that its workers can resolve,"
                            + " such as ${file:/path/on/the/worker.properties:key}");
        }
    }

    private static ServerSpec moved(ServerSpec server, String key, Path file, Properties passwords) {
        if (!server.passwordIsLiteral()) {
            return server;
        }
        passwords.setProperty(key, server.password());
        return server.withPassword("${file:" + file + ":" + key + "}");
    }

    private static void write(Path file, Properties passwords) {
        try {
            Files.deleteIfExists(file);
            try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))))) {
                passwords.store(out, null);
            }
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "The file " + file + " cannot be written: " + e);
        }
    }
}
