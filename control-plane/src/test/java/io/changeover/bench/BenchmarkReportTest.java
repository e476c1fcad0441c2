package io.changeover.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchmarkReportTest {

    private final BenchmarkReport report = report();

    private static BenchmarkReport report() {
        Measurements measurements = new Measurements();
        measurements.add("ours", "changes/s", 50_000);
        measurements.add("stock", "changes/s", 20_000);
        measurements.add("ours", "changes/s", 46_000);
        measurements.add("ours", "changes/s", 10_000);
        measurements.ratio("ours/stock", "ours", "stock");
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cores", 2);
        machine.put("cpu", "Some \"CPU\"");
        return measurements.report("capture", machine);
    }

    @Test
    void jsonHasThisForm() throws Exception {
        assertThat(new ObjectMapper().readTree(report.json())).isEqualTo(new ObjectMapper().readTree("""
                {"benchmark": "capture",
                 "machine": {"cores": 2, "cpu": "Some \\"CPU\\""},
                 "results": [
                   {"name": "ours", "unit": "changes/s", "min": 10000.0, "median": 46000.0, "max": 50000.0},
                   {"name": "stock", "unit": "changes/s", "min": 20000.0, "median": 20000.0, "max": 20000.0}],
                 "ratios": {"ours/stock": 2.3}}"""));
    }

    @Test
    void textShowsEveryNumber() {
        assertThat(report.text().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .contains(
                        "BENCHMARK capture",
                        "cpu Some \"CPU\"",
                        "min median max unit",
                        "ours 10,000 46,000 50,000 changes/s",
                        "ours/stock 2.30");
    }

    @Test
    void figuresHaveAsManyDigitsAsMeanSomething() {
        assertThat(Figures.of(0.123)).isEqualTo("0.12");
        assertThat(Figures.of(51.27)).isEqualTo("51.3");
        assertThat(Figures.of(1_234_567.8)).isEqualTo("1,234,568");
    }
}
