package io.changeover.bench.capture;

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

/** With servers, a broker and workers of its own; that all changes arrive exactly once is the benchmark's own check. */
@Tag("faults")
@Timeout(600)
class CaptureBenchmarkTest {

    @TempDir
    Path directory;

    @Test
    void bothSidesDrainBothWorkloads() throws Exception {
        List<String> progress = new ArrayList<>();
        BenchmarkReport report;
        try (Parts parts = new Parts()) {
            report = new CaptureBenchmark(
                            new CaptureBenchmark.Settings(CaptureBenchmark.Choice.ALL, 30_000, 1),
                            directory,
                            parts,
                            progress::add)
                    .run();
        }

        assertThat(report.results())
                .extracting(Result::name)
                .containsExactly(
                        "narrow ours changes per second",
                        "narrow ours CPU per change",
                        "narrow ours value bytes per change",
                        "narrow stock changes per second",
                        "narrow stock CPU per change",
                        "narrow stock value bytes per change",
                        "wide ours changes per second",
                        "wide ours CPU per change",
                        "wide ours value bytes per change",
                        "wide stock changes per second",
                        "wide stock CPU per change",
                        "wide stock value bytes per change");
        assertThat(report.results())
                .allSatisfy(result -> assertThat(result.spread().min()).isPositive());
        assertThat(report.ratios())
                .hasSize(6)
                .containsKeys("narrow ours/stock changes per second", "wide ours/stock CPU per change");
        assertThat(report.machine().get("narrow WAL"))
                .asString()
                .startsWith("30,000 changes in 15,000 transactions, 15,000 of them as warm-up; ");
        assertThat(report.machine().get("wide WAL"))
                .asString()
                .startsWith("10,000 changes in 1,000 transactions, 5,000 of them as warm-up; ");
        assertThat(progress).filteredOn(line -> line.contains("run 1 of 1")).hasSize(4);
    }
}
