package io.changeover.cli;

import io.changeover.api.Views;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the migrations. */
@Command(
        name = "migrations",
        description = "Lists all migrations and their databases.",
        mixinStandardHelpOptions = true)
final class MigrationsCommand implements Runnable {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Mixin
    private final Output output = new Output();

    @Override
    public void run() {
        List<Views.MigrationView> migrations = server.client().migrations();
        output.print(migrations, () -> text(migrations));
    }

    private static String text(List<Views.MigrationView> migrations) {
        StringBuilder text =
                new StringBuilder(String.format("%-28s %-24s %-24s %s%n", "MIGRATION", "DATABASE", "TARGET", "STATE"));
        for (Views.MigrationView migration : migrations) {
            for (Views.DatabaseSummary database : migration.databases()) {
                text.append(String.format(
                        "%-28s %-24s %-24s %s%s%n",
                        migration.name(), database.source(), database.target(), database.state(), reason(database)));
            }
        }
        return text.toString();
    }

    private static String reason(Views.DatabaseSummary database) {
        return database.reason()
                .map(reason -> "  (" + reason.lines().findFirst().orElse("") + ")")
                .orElse("");
    }
}
