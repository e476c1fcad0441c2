package io.changeover.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what came of a migration. */
@Command(
        name = "report",
        description = "Writes what came of a migration: times, rows, the freeze, the comparison.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

    /** A form. */
    enum Form {
        TEXT,
        JSON,
        MD
    }

    @Mixin
    private final ServerOption server = new ServerOption();

    @Parameters(paramLabel = "MIGRATION", description = "The migration's name.")
    private String name = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|md",
            defaultValue = "text",
            description = "How to write it (default: ${DEFAULT-VALUE}).")
    private Form form = Form.TEXT;

    @Override
    public Integer call() {
        ApiClient client = server.client();
        List<DatabaseLook> looks = DatabaseLook.all(client, name);
        Report report = Report.of(name, looks, client::schemaReport, Map.of());
        System.out.print(
                switch (form) {
                    case TEXT -> report.text();
                    case JSON -> report.json();
                    case MD -> ReportMarkdown.of(report);
                });
        System.out.flush();
        if (looks.stream().allMatch(DatabaseLook::atRest)) {
            return MigrationRun.exitCode(looks, report);
        }
        System.err.println("It is not at its end: the report is of what it has done so far");
        return ExitCode.NOT_READY;
    }
}
