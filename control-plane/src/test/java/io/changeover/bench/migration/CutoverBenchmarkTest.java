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

/** That nothing is lost, and the application knows of no error, is the benchmark's own check. */
@Tag("faults")
@Timeout(300)
class CutoverBenchmarkTest {

    @TempDir
    Path directory;

    @Test
    void eachCutoverIsMeasuredWithItsParts() throws Exception {
        List<String> progress = new ArrayList<>();
        BenchmarkReport report;
        try (Parts parts = new Parts()) {
            report = new CutoverBenchmark(
                            new CutoverBenchmark.Settings(2, 50, 3, 0.05), directory, parts, progress::add)
                    .run();
        }

        assertThat(progress)
                .anyMatch(line -> line.startsWith("1 of 2: freeze "))
                .anyMatch(line -> line.startsWith("2 of 2: freeze ") && line.endsWith("equal, nothing is missing"));
        assertThat(report.results())
                .extracting(Result::name)
                .contains(
                        "freeze",
                        "  fence",
                        "  drain",
                        "  read-only source",
                        "pause of the application",
                        "freeze, 95 % of the cutovers",
                        "pause of the application, 95 %");
        assertThat(report.results())
                .filteredOn(result ->
                        result.name().equals("freeze") || result.name().startsWith("pause"))
                .allSatisfy(result -> assertThat(result.spread().max()).isPositive());
        assertThat(spread(report, "freeze, 95 % of the cutovers")).isEqualTo(spread(report, "freeze"));
        assertThat(report.text()).contains("further tables");
    }

    /** Of two, the longer one. */
    private static double spread(BenchmarkReport report, String name) {
        return report.results().stream()
                .filter(result -> result.name().equals(name))
                .findFirst()
                .orElseThrow()
                .spread()
                .max();
    }
}
