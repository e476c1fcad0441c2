package io.changeover.bench.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Parts;
import io.changeover.bench.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That every row is found to be equal, while it changes and after, is the benchmark's own check. */
@Tag("faults")
@Timeout(300)
class VerifyBenchmarkTest {

    @TempDir
    Path directory;

    @Test
    void rowsAndTheStreamBesideThemAreMeasured() throws Exception {
        List<String> progress = new ArrayList<>();
        BenchmarkReport report;
        try (Parts parts = new Parts()) {
            report = new VerifyBenchmark(
                            new VerifyBenchmark.Settings(120_000, 2_000, 1), directory, parts, progress::add)
                    .run();
        }

        assertThat(progress).contains("warm-up: loading", "run 1 of 1: loading");
        assertThat(report.results())
                .extracting(Result::name)
                .containsExactly("verification", "changes, not verified", "changes, verified at half");
        assertThat(report.results())
                .allSatisfy(result -> assertThat(result.spread().max()).isPositive());
        assertThat(report.ratios())
                .hasEntrySatisfying(
                        "changes with / without verification",
                        ratio -> assertThat(ratio).isPositive());
    }
}
