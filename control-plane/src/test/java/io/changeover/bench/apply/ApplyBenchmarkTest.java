package io.changeover.bench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Parts;
import io.changeover.bench.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * With servers, a broker and workers of its own, without the peer that Maven would have to get. That the targets are
 * what the source is, is the benchmark's own check.
 */
@Tag("faults")
@Timeout(900)
class ApplyBenchmarkTest {

    @TempDir
    Path directory;

    @Test
    void theSinkAndNativeReplicationApplyTheSame() throws Exception {
        List<String> progress = new ArrayList<>();
        BenchmarkReport report;
        try (Parts parts = new Parts()) {
            report = new ApplyBenchmark(
                            new ApplyBenchmark.Settings(ApplyBenchmark.Choice.TOAST, 150_000, 1, false, Duration.ZERO),
                            directory,
                            parts,
                            progress::add)
                    .run();
        }

        assertThat(report.results())
                .extracting(Result::name)
                .containsExactly(
                        "toast ours changes per second",
                        "toast ours worker CPU per change",
                        "toast ours target CPU per change",
                        "toast native changes per second",
                        "toast native target CPU per change",
                        "toast ours 20 ms changes per second",
                        "toast ours 20 ms worker CPU per change",
                        "toast ours 20 ms target CPU per change");
        assertThat(report.results())
                .allSatisfy(result -> assertThat(result.spread().min()).isPositive());
        assertThat(report.ratios())
                .containsOnlyKeys(
                        "toast ours/native changes per second",
                        "toast ours/native target CPU per change",
                        "toast ours 20 ms/ours changes per second");
        assertThat(report.machine())
                .containsEntry("jdbc sink", "left out, as asked")
                .containsEntry(
                        "toast WAL",
                        "30,000 changes in 6,000 transactions, the first 3,000 not counted; a loop on the server")
                .containsEntry("toast ours warm-up", "1 times all changes");
        assertThat(progress).filteredOn(line -> line.contains("run 1 of 1")).hasSize(3);
    }

    @Test
    void thePipelineIsMeasuredWithItsLatencies() throws Exception {
        List<String> progress = new ArrayList<>();
        BenchmarkReport report;
        try (Parts parts = new Parts()) {
            report = new PipelineBenchmark(
                            new PipelineBenchmark.Settings(30_000, 1, Duration.ZERO, 2),
                            directory,
                            parts,
                            progress::add)
                    .run();
        }

        assertThat(report.results())
                .extracting(Result::name)
                .containsExactlyInAnyOrder(
                        "ours latency p50",
                        "ours latency p99",
                        "drain ours changes per second",
                        "drain ours worker CPU per change",
                        "drain ours target CPU per change",
                        "native latency p50",
                        "native latency p99",
                        "drain native changes per second",
                        "drain native target CPU per change");
        assertThat(report.results())
                .allSatisfy(result -> assertThat(result.spread().min()).isPositive());
        assertThat(report.ratios())
                .containsOnlyKeys(
                        "drain ours/native changes per second",
                        "drain ours/native target CPU per change",
                        "ours/native latency p50",
                        "ours/native latency p99");
        assertThat(progress).filteredOn(line -> line.contains("run 1 of 1")).hasSize(4);
    }
}
