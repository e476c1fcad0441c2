package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before anything is started. */
class BenchCommandTest {

    @ParameterizedTest
    @CsvSource({
        "--changes, 9999, --changes must be at least 10000",
        "--runs, 0, --runs must be at least 1",
        "--workload, deep, --workload"
    })
    void wrongNumbersAreToldAsSuch(String option, String value, String message) {
        RunCommand bench = RunCommand.run("bench", "capture", option, value);

        assertThat(bench.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(bench.err()).contains(message);
        assertThat(bench.out()).isEmpty();
    }

    @Test
    void withoutABenchmarkTheyAreListed() {
        RunCommand bench = RunCommand.run("bench");

        assertThat(bench.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(bench.err()).contains("capture");
    }
}
