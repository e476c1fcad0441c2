package io.changeover.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a JVM works before it is measured. */
final class WarmUpOption {

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "How long a worker applies the same changes to other databases before it is measured, once at"
                    + " least (default: ${DEFAULT-VALUE}).")
    private int seconds = 60;

    /** The same; not negative. */
    Duration duration() {
        if (seconds < 0) {
            throw new CommandFailed(ExitCode.USAGE, "--warm-up must not be negative");
        }
        return Duration.ofSeconds(seconds);
    }
}
