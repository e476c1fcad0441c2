package io.changeover.cli;

import io.changeover.access.Caller;
import io.changeover.access.NewToken;
import io.changeover.access.Role;
import io.changeover.access.TokenFile;
import io.changeover.access.TokenLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tokens for REST. */
@Command(
        name = "token",
        description = "Makes tokens for REST.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = TokenCommand.New.class)
final class TokenCommand {

    private TokenCommand() {}

    /** A new token. */
    @Command(
            name = "new",
            description = "Makes a token and prints it, once: nothing keeps it. The token file keeps its SHA-256.",
            mixinStandardHelpOptions = true)
    static final class New implements Runnable {

        @Parameters(paramLabel = "NAME", description = "Whose it is; the audit calls him so.")
        private String name = "";

        @Option(
                names = "--role",
                required = true,
                paramLabel = "viewer|operator|approver",
                description = "What he may do: see; also run migrations; also cut over, cancel and finish.")
        private Role role = Role.VIEWER;

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "Add the line to this token file; it is made if it is not there.")
        private @Nullable Path file;

        @Override
        public void run() {
            TokenLine.nameProblem(name).ifPresent(problem -> {
                throw new CommandFailed(ExitCode.USAGE, problem);
            });
            NewToken made = NewToken.of(new Caller(name, role));
            if (file == null) {
                System.err.println("Add this line to the token file:");
                System.err.println(made.line().text());
            } else {
                add(made.line(), file);
            }
            System.out.println(made.token());
        }

        private void add(TokenLine line, Path to) {
            try {
                if (!Files.exists(to)) {
                    Files.createFile(
                            to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                }
                if (TokenFile.at(to).lines().stream()
                        .anyMatch(other -> other.caller().name().equals(name))) {
                    throw new CommandFailed(
                            ExitCode.USAGE, name + " has a token in " + to + " already: remove the line first");
                }
                Files.writeString(to, startOfLine(to) + line.text() + "\n", StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new CommandFailed(ExitCode.FAILED, "The token file " + to + " cannot be written: " + e);
            }
        }

        private static String startOfLine(Path file) throws IOException {
            String text = Files.readString(file);
            return text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        }
    }
}
