package io.changeover.cli;

import io.changeover.migration.SchemaReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a copy of the structure left out. */
@Command(
        name = "schema-report",
        description = "Shows what became of roles and rights when a database's structure was copied, and what was left"
                + " out.",
        mixinStandardHelpOptions = true)
final class SchemaReportCommand implements Runnable {

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(paramLabel = "MIGRATION/DATABASE", description = "The database pair, by its source's name.")
    private String pair = "";

    @Option(
            names = "--owners",
            description = "Only the statements that give the target's objects the owners that they have on the source:"
                    + " for psql, after finish.")
    private boolean owners;

    @Override
    public void run() {
        PairName name = PairName.parse(pair);
        SchemaReport report = server.client()
                .schemaReport(name.migration(), name.database())
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.USAGE,
                        "There is no report of the structure of " + pair
                                + ": it is written when the structure is copied, and removed by finish"));
        if (owners) {
            report.owners().forEach(System.out::println);
        } else {
            System.out.print(SchemaReportText.full(report));
        }
    }
}
