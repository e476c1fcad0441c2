package io.changeover.cli;

import io.changeover.bench.Parts;
import io.changeover.bench.apply.ApplyBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmark of the sink. */
@Command(
        name = "apply",
        description = "Applies the same changes to a target by our sink, by native logical replication and by"
                + " Debezium's JDBC sink, in turn.",
        mixinStandardHelpOptions = true)
final class ApplyBenchCommand implements Callable<Integer> {

    private static final long FEWEST_CHANGES = 25_000;

    @Option(
            names = "--workload",
            paramLabel = "narrow|tpcb|insert|toast|small|all",
            description =
                    "pgbench -N, pgbench's default script, new rows only, updates of a wide table that leave TOAST"
                            + " unsent, transactions of one row, or all (default: all).")
    private ApplyBenchmark.Choice workload = ApplyBenchmark.Choice.ALL;

    @Option(
            names = "--changes",
            paramLabel = "NUMBER",
            description = "Changes of a workload; toast has a fifth, small a 25th (default: ${DEFAULT-VALUE}).")
    private long changes = 500_000;

    @Option(names = "--no-peers", description = "Leave out Debezium's JDBC sink, which Maven has to get.")
    private boolean noPeers;

    @Mixin
    private final WarmUpOption warmUp = new WarmUpOption();

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Override
    public Integer call() throws Exception {
        if (changes < FEWEST_CHANGES) {
            throw new CommandFailed(ExitCode.USAGE, "--changes must be at least " + FEWEST_CHANGES);
        }
        ApplyBenchmark.Settings settings =
                new ApplyBenchmark.Settings(workload, changes, options.runs(), !noPeers, warmUp.duration());
        Path work = WorkDirectories.open(Files.createTempDirectory("changeover-bench"));
        try (OnExit exit = new OnExit()) {
            exit.stop(() -> WorkDirectories.delete(work));
            Parts parts = exit.stop(new Parts());
            options.publish(new ApplyBenchmark(settings, work, parts, System.out::println).run());
        }
        return ExitCode.OK;
    }
}
