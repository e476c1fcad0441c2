package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before anything is started. */
class BenchCommandTest {

    @ParameterizedTest
    @CsvSource({
        "capture, --changes, 9999, --changes must be at least 10000",
        "capture, --runs, 0, --runs must be at least 1",
        "capture, --workload, deep, --workload",
        "apply, --changes, 24999, --changes must be at least 25000",
        "apply, --runs, 0, --runs must be at least 1",
        "apply, --workload, wide, --workload",
        "load, --rows, 9999, --rows must be at least 10000",
        "load, --runs, 0, --runs must be at least 1",
        "load, --shape, round, --shape",
        "pipeline, --changes, 9999, --changes must be at least 10000",
        "pipeline, --runs, 0, --runs must be at least 1"
    })
    void wrongNumbersAreToldAsSuch(String benchmark, String option, String value, String message) {
        RunCommand bench = RunCommand.run("bench", benchmark, option, value);

        assertThat(bench.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(bench.err()).contains(message);
        assertThat(bench.out()).isEmpty();
    }

    @Test
    void withoutABenchmarkTheyAreListed() {
        RunCommand bench = RunCommand.run("bench");

        assertThat(bench.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(bench.err()).contains("capture", "load", "apply", "pipeline");
    }
}
