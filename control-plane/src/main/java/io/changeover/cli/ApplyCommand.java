package io.changeover.cli;

import io.changeover.api.Views;
import io.changeover.spec.InvalidMigrationFile;
import io.changeover.spec.MigrationFile;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.MigrationSpecJson;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a running control plane know a migration as a file has it. */
@Command(
        name = "apply",
        description = "Makes a migration as the file has it, or changes what may be changed of it; says what differs."
                + " It is started with start.",
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Runnable {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "The migration file; its passwords must be references.")
    private Path file = Path.of("");

    @Option(names = "--dry-run", description = "Only say what differs.")
    private boolean dryRun;

    @Override
    public void run() {
        MigrationSpec spec = read();
        String body = MigrationSpecJson.write(spec);
        ApiClient client = server.client();
        Views.DifferenceView difference = client.difference(spec.name(), body);
        System.out.print(text(spec.name(), difference));
        if (!dryRun && !difference.changes().isEmpty()) {
            client.put(spec.name(), body, difference.revision());
        }
    }

    private String text(String name, Views.DifferenceView difference) {
        if (difference.changes().isEmpty()) {
            return String.format("%s is as the file has it%n", name);
        }
        String done = dryRun ? " would be " : " is ";
        StringBuilder text =
                new StringBuilder(String.format("%s%s%s%n", name, done, difference.created() ? "made" : "changed"));
        difference.changes().stream()
                .filter(change -> change.database().isEmpty())
                .forEach(change -> text.append(line(change)));
        return text.toString();
    }

    private static String line(Views.ChangeView change) {
        return change.before().isEmpty()
                ? String.format("  %s: %s%n", change.what(), change.after())
                : String.format("  %s: %s → %s%n", change.what(), change.before(), change.after());
    }

    private MigrationSpec read() {
        try {
            return MigrationFile.read(file);
        } catch (InvalidMigrationFile e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
