package io.changeover.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Parts;
import io.changeover.bench.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That every side loads every row is the benchmark's own check. */
@Tag("faults")
@Timeout(600)
class LoadBenchmarkTest {

    @TempDir
    Path directory;

    @Test
    void allSidesLoadAllShapes() throws Exception {
        BenchmarkReport report;
        try (Parts parts = new Parts()) {
            report = new LoadBenchmark(
                            new LoadBenchmark.Settings(LoadShape.ALL, 20_000, 1, false, 17),
                            directory,
                            parts,
                            line -> {})
                    .run();
        }

        assertThat(report.results())
                .extracting(Result::name)
                .contains(
                        "narrow pipe 1 rows per second",
                        "wide ours worker CPU per row",
                        "skewed native rows per second");
        assertThat(report.results())
                .allSatisfy(result -> assertThat(result.spread().max()).isPositive());
        assertThat(report.ratios())
                .containsOnlyKeys(List.of("narrow", "wide", "skewed").stream()
                        .flatMap(shape -> List.of("pipe 1", "pipe 2", "native").stream()
                                .map(side -> shape + " ours/" + side + " rows per second"))
                        .toArray(String[]::new));
    }
}
