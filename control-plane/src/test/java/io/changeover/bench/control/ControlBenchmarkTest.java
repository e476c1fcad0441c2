package io.changeover.bench.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Parts;
import io.changeover.bench.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That the control plane sees every table is the benchmark's own check. */
@Tag("faults")
@Timeout(300)
class ControlBenchmarkTest {

    @TempDir
    Path directory;

    @Test
    void everythingIsMeasured() throws Exception {
        BenchmarkReport report;
        try (Parts parts = new Parts()) {
            report = new ControlBenchmark(new ControlBenchmark.Settings(2, 20, "112m", 1), directory, parts, line -> {})
                    .run();
        }

        assertThat(report.results())
                .extracting(Result::name)
                .contains(
                        "only watching",
                        "status of a pair, 95 %",
                        "metrics, median",
                        "resident memory",
                        "heap after a collection");
        assertThat(report.results())
                .allSatisfy(result -> assertThat(result.spread().max()).isPositive());
    }
}
