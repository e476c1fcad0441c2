package io.changeover.cli;

import io.changeover.bench.Parts;
import io.changeover.bench.migration.VerifyBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmark of the verification. */
@Command(
        name = "verify",
        description =
                "Measures how fast a narrow table is verified while its migration streams, and what a verification"
                        + " at half of the time takes from the stream.",
        mixinStandardHelpOptions = true)
final class VerifyBenchCommand implements Callable<Integer> {

    private static final int FEWEST_ROWS = 100_000;
    private static final int FEWEST_CHANGES = 100;

    @Option(names = "--rows", paramLabel = "NUMBER", description = "Rows of the table (default: ${DEFAULT-VALUE}).")
    private long rows = 3_000_000;

    @Option(
            names = "--changes",
            paramLabel = "NUMBER",
            description = "Changes in each measurement of the stream (default: ${DEFAULT-VALUE}).")
    private int changes = 1_000_000;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Override
    public Integer call() throws Exception {
        if (rows < FEWEST_ROWS || changes < FEWEST_CHANGES) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--rows must be at least " + FEWEST_ROWS + ", --changes at least " + FEWEST_CHANGES);
        }
        VerifyBenchmark.Settings settings = new VerifyBenchmark.Settings(rows, changes, options.runs());
        Path work = WorkDirectories.open(Files.createTempDirectory("changeover-bench"));
        try (OnExit exit = new OnExit()) {
            exit.stop(() -> WorkDirectories.delete(work));
            Parts parts = exit.stop(new Parts());
            options.publish(new VerifyBenchmark(settings, work, parts, System.out::println).run());
        }
        return ExitCode.OK;
    }
}
