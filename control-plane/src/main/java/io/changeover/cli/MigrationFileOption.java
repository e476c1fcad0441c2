package io.changeover.cli;

import io.changeover.spec.InvalidMigrationFile;
import io.changeover.spec.MigrationFile;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.Secrets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The migration file of a command that only looks at it. */
final class MigrationFileOption {

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "The migration file.")
    private Path file = Path.of("");

    /** The migration; a file with problems ends the command. */
    MigrationSpec read(Optional<Secrets> secrets) {
        return read(file, secrets);
    }

    /** The same of any file; with secrets, a password that cannot be found is a problem of the file. */
    static MigrationSpec read(Path file, Optional<Secrets> secrets) {
        try {
            return secrets.isPresent() ? MigrationFile.read(file, secrets.get()) : MigrationFile.read(file);
        } catch (InvalidMigrationFile e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
