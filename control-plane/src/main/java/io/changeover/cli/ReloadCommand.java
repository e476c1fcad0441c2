package io.changeover.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has a table loaded again. */
@Command(
        name = "reload",
        description = "Loads a table again, or one that was made since the migration began,"
                + " while the changes of all others are applied.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Runnable {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(
            index = "0",
            paramLabel = "MIGRATION/DATABASE",
            description = "The database pair, by its source's name.")
    private String pair = "";

    @Parameters(
            index = "1",
            paramLabel = "SCHEMA.TABLE",
            description = "The table. What the target has of it is removed first.")
    private String table = "";

    @Override
    public void run() {
        PairName name = PairName.parse(pair);
        server.client().reload(name.migration(), name.database(), table);
        System.out.println(
                "Table " + table + " will be loaded again; see: changeover status " + name.migration() + " --watch");
    }
}
