package io.changeover.cli;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Parts;
import io.changeover.bench.migration.CutoverBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The benchmark of the cutover. */
@Command(
        name = "cutover",
        description = "Migrates the sample database again and again under a write load, and measures how long each"
                + " cutover freezes it.",
        mixinStandardHelpOptions = true)
final class CutoverBenchCommand implements Callable<Integer> {

    @Option(
            names = "--cutovers",
            paramLabel = "NUMBER",
            description = "How many; fewer than 20 say little (default: ${DEFAULT-VALUE}).")
    private int cutovers = 20;

    @Option(
            names = "--transactions-per-second",
            paramLabel = "NUMBER",
            description = "How fast the application writes (default: ${DEFAULT-VALUE}).")
    private int transactionsPerSecond = 1000;

    @Option(
            names = "--tables",
            paramLabel = "NUMBER",
            description = "Tables beside those of the sample (default: ${DEFAULT-VALUE}).")
    private int tables;

    @Option(
            names = "--scale",
            paramLabel = "NUMBER",
            description = "The sample's size; 1 is about 200,000 rows (default: ${DEFAULT-VALUE}).")
    private double scale = 1;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON, too.")
    private @Nullable Path json;

    @Override
    public Integer call() throws Exception {
        if (cutovers < 1 || transactionsPerSecond < 1) {
            throw new CommandFailed(ExitCode.USAGE, "--cutovers and --transactions-per-second must be at least 1");
        }
        if (tables < 0 || !(scale > 0 && scale <= 1000)) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--tables must not be negative, --scale more than 0 and at most 1000");
        }
        CutoverBenchmark.Settings settings =
                new CutoverBenchmark.Settings(cutovers, transactionsPerSecond, tables, scale);
        Path work = WorkDirectories.open(Files.createTempDirectory("changeover-bench"));
        try (OnExit exit = new OnExit()) {
            exit.stop(() -> WorkDirectories.delete(work));
            Parts parts = exit.stop(new Parts());
            BenchmarkReport report = new CutoverBenchmark(settings, work, parts, System.out::println).run();
            System.out.print(report.text());
            if (json != null) {
                report.write(json);
            }
        }
        return ExitCode.OK;
    }
}
