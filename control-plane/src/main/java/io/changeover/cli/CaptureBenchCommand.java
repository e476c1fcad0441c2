package io.changeover.cli;

import io.changeover.bench.Parts;
import io.changeover.bench.capture.CaptureBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmark of the capture. */
@Command(
        name = "capture",
        description = "Drains the same WAL into Kafka with our capture and with stock Debezium, in turn.",
        mixinStandardHelpOptions = true)
final class CaptureBenchCommand implements Callable<Integer> {

    private static final long FEWEST_CHANGES = 10_000;

    @Option(
            names = "--workload",
            paramLabel = "narrow|wide|all",
            description = "pgbench -N, a table of 20 columns, or both (default: all).")
    private CaptureBenchmark.Choice workload = CaptureBenchmark.Choice.ALL;

    @Option(
            names = "--changes",
            paramLabel = "NUMBER",
            description = "Changes of the narrow workload; the wide one has a third (default: ${DEFAULT-VALUE}).")
    private long changes = 1_200_000;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Override
    public Integer call() throws Exception {
        if (changes < FEWEST_CHANGES) {
            throw new CommandFailed(ExitCode.USAGE, "--changes must be at least " + FEWEST_CHANGES);
        }
        CaptureBenchmark.Settings settings = new CaptureBenchmark.Settings(workload, changes, options.runs());
        Path work = WorkDirectories.open(Files.createTempDirectory("changeover-bench"));
        try (OnExit exit = new OnExit()) {
            exit.stop(() -> WorkDirectories.delete(work));
            Parts parts = exit.stop(new Parts());
            options.publish(new CaptureBenchmark(settings, work, parts, System.out::println).run());
        }
        return ExitCode.OK;
    }
}
