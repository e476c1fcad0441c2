package io.changeover.cli;

import io.changeover.bench.Parts;
import io.changeover.bench.load.LoadBenchmark;
import io.changeover.bench.load.LoadShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmark of the load. */
@Command(
        name = "load",
        description = "Loads the same tables by our load connector, by pipes of psql, by native logical replication, by"
                + " pgcopydb, and by Debezium's snapshot and JDBC sink, in turn.",
        mixinStandardHelpOptions = true)
final class LoadBenchCommand implements Callable<Integer> {

    private static final long FEWEST_ROWS = 10_000;

    @Option(
            names = "--shape",
            paramLabel = "narrow|wide|skewed|all",
            description = "One table of 5 columns, one of 20 with a fifth of the rows, nine tables of which one holds"
                    + " 60 %% of the rows, or all (default: all).")
    private LoadShape shape = LoadShape.ALL;

    @Option(names = "--rows", paramLabel = "NUMBER", description = "Rows (default: ${DEFAULT-VALUE}).")
    private long rows = 5_000_000;

    @Option(names = "--no-peers", description = "Leave out pgcopydb, and Debezium's JDBC sink, which Maven has to get.")
    private boolean noPeers;

    @Option(
            names = "--postgres",
            paramLabel = "MAJOR",
            description =
                    "PostgreSQL's version of both servers, which a jar on the class path has to hold; pgcopydb needs"
                            + " a pg_dump that is no older (default: ${DEFAULT-VALUE}).")
    private int major = 17;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Override
    public Integer call() throws Exception {
        if (rows < FEWEST_ROWS) {
            throw new CommandFailed(ExitCode.USAGE, "--rows must be at least " + FEWEST_ROWS);
        }
        LoadBenchmark.Settings settings = new LoadBenchmark.Settings(shape, rows, options.runs(), !noPeers, major);
        Path work = WorkDirectories.open(Files.createTempDirectory("changeover-bench"));
        try (OnExit exit = new OnExit()) {
            exit.stop(() -> WorkDirectories.delete(work));
            Parts parts = exit.stop(new Parts());
            options.publish(new LoadBenchmark(settings, work, parts, System.out::println).run());
        }
        return ExitCode.OK;
    }
}
