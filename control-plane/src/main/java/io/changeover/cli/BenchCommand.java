package io.changeover.cli;

import picocli.CommandLine.Command;

/** Measures parts of Changeover on this machine; each subcommand is a benchmark. */
@Command(
        name = "bench",
        description = "Measures parts of Changeover against what they are compared with, on this machine.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "BENCHMARK",
        subcommands = {
            CaptureBenchCommand.class,
            LoadBenchCommand.class,
            ApplyBenchCommand.class,
            PipelineBenchCommand.class,
            ControlBenchCommand.class,
            CutoverBenchCommand.class,
            VerifyBenchCommand.class
        })
final class BenchCommand {}
