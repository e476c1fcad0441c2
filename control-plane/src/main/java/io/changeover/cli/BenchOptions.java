package io.changeover.cli;

import io.changeover.bench.BenchmarkReport;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all benchmarks take. */
final class BenchOptions {

    private static final int FEWEST_RUNS = 3;

    @Option(
            names = "--runs",
            paramLabel = "NUMBER",
            description = "Measurements of each side; fewer than 3 say little (default: ${DEFAULT-VALUE}).")
    private int runs = FEWEST_RUNS;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON, too.")
    private @Nullable Path json;

    /** How often to measure. */
    int runs() {
        if (runs < 1) {
            throw new CommandFailed(ExitCode.USAGE, "--runs must be at least 1");
        }
        return runs;
    }

    /** Prints the report, and writes it where it is wanted. */
    void publish(BenchmarkReport report) {
        System.out.print(report.text());
        if (json != null) {
            report.write(json);
        }
    }
}
