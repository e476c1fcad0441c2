package io.changeover.cli;

import io.changeover.bench.Parts;
import io.changeover.bench.apply.PipelineBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmark of the whole way. */
@Command(
        name = "pipeline",
        description = "Works off the same WAL from slot to target, and measures latencies, with capture and sink in one"
                + " worker and with native logical replication, in turn.",
        mixinStandardHelpOptions = true)
final class PipelineBenchCommand implements Callable<Integer> {

    private static final long FEWEST_CHANGES = 10_000;

    @Option(
            names = "--changes",
            paramLabel = "NUMBER",
            description = "Changes in the WAL, by pgbench -N (default: ${DEFAULT-VALUE}).")
    private long changes = 500_000;

    @Mixin
    private final WarmUpOption warmUp = new WarmUpOption();

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Override
    public Integer call() throws Exception {
        if (changes < FEWEST_CHANGES) {
            throw new CommandFailed(ExitCode.USAGE, "--changes must be at least " + FEWEST_CHANGES);
        }
        PipelineBenchmark.Settings settings =
                new PipelineBenchmark.Settings(changes, options.runs(), warmUp.duration());
        Path work = WorkDirectories.open(Files.createTempDirectory("changeover-bench"));
        try (OnExit exit = new OnExit()) {
            exit.stop(() -> WorkDirectories.delete(work));
            Parts parts = exit.stop(new Parts());
            options.publish(new PipelineBenchmark(settings, work, parts, System.out::println).run());
        }
        return ExitCode.OK;
    }
}
