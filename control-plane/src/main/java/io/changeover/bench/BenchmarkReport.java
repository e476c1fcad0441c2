package io.changeover.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a benchmark found out.
 *
 * @param benchmark its name
 * @param machine what it ran on and with, in the order to show it
 * @param results in the order to show them
 * @param ratios of medians, in the order to show them
 */
public record BenchmarkReport(
        String benchmark, Map<String, Object> machine, List<Result> results, Map<String, Double> ratios) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public BenchmarkReport {
        machine = Collections.unmodifiableMap(new LinkedHashMap<>(machine));
        results = List.copyOf(results);
        ratios = Collections.unmodifiableMap(new LinkedHashMap<>(ratios));
    }

    /** One object; see docs/benchmarks.md for its keys. */
    public String json() {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("benchmark", benchmark);
        form.put("machine", machine);
        form.put("results", results.stream().map(BenchmarkReport::form).toList());
        form.put("ratios", ratios);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(form);
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be written as JSON", e);
        }
    }

    private static Map<String, Object> form(Result result) {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("name", result.name());
        form.put("unit", result.unit());
        form.put("min", result.spread().min());
        form.put("median", result.spread().median());
        form.put("max", result.spread().max());
        return form;
    }

    /** Writes {@link #json()} to a file. */
    public void write(Path file) {
        try {
            Files.writeString(file, json() + System.lineSeparator());
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be written to " + file, e);
        }
    }

    /** A table for a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder(String.format("%nBENCHMARK  %s%n%n", benchmark));
        machine.forEach((what, value) -> text.append(String.format("  %-22s %s%n", what, value)));
        text.append(String.format("%n  %-46s %12s %12s %12s  %s%n", "", "min", "median", "max", "unit"));
        for (Result result : results) {
            text.append(String.format(
                    "  %-46s %12s %12s %12s  %s%n",
                    result.name(),
                    Figures.of(result.spread().min()),
                    Figures.of(result.spread().median()),
                    Figures.of(result.spread().max()),
                    result.unit()));
        }
        text.append(System.lineSeparator());
        ratios.forEach((name, ratio) -> text.append(String.format("  %-46s %12s%n", name, Figures.of(ratio))));
        return text.toString();
    }
}
