package io.changeover.cli;

import io.changeover.bench.Parts;
import io.changeover.bench.control.ControlBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The benchmark of the control plane. */
@Command(
        name = "control",
        description = "Measures how quickly the control plane answers while it watches many tables, and what it takes.",
        mixinStandardHelpOptions = true)
final class ControlBenchCommand implements Callable<Integer> {

    @Option(names = "--databases", paramLabel = "NUMBER", description = "Database pairs (default: ${DEFAULT-VALUE}).")
    private int databases = 10;

    @Option(names = "--tables", paramLabel = "NUMBER", description = "Tables of each (default: ${DEFAULT-VALUE}).")
    private int tables = 10_000;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            description = "The control plane's heap, as for java -Xmx (default: ${DEFAULT-VALUE}).")
    private String heap = "112m";

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Override
    public Integer call() throws Exception {
        if (databases < 1 || tables < 1) {
            throw new CommandFailed(ExitCode.USAGE, "--databases and --tables must be at least 1");
        }
        ControlBenchmark.Settings settings = new ControlBenchmark.Settings(databases, tables, heap, options.runs());
        Path work = WorkDirectories.open(Files.createTempDirectory("changeover-bench"));
        try (OnExit exit = new OnExit()) {
            exit.stop(() -> WorkDirectories.delete(work));
            Parts parts = exit.stop(new Parts());
            options.publish(new ControlBenchmark(settings, work, parts, System.out::println).run());
        }
        return ExitCode.OK;
    }
}
