package io.changeover.cli;

import io.changeover.api.Views;
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

    @Override
    public void run() {
        System.out.printf("%-28s %-24s %-24s %s%n", "MIGRATION", "DATABASE", "TARGET", "STATE");
        for (Views.MigrationView migration : server.client().migrations()) {
            for (Views.DatabaseSummary database : migration.databases()) {
                System.out.printf(
                        "%-28s %-24s %-24s %s%s%n",
                        migration.name(),
                        database.source(),
                        database.target(),
                        database.state(),
                        database.reason()
                                .map(reason ->
                                        "  (" + reason.lines().findFirst().orElse("") + ")")
                                .orElse(""));
            }
        }
    }
}
