package io.changeover.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what the runs of a benchmark measured, by name, in the order of the first mention. Not thread-safe. */
public final class Measurements {

    private final Map<String, Series> series = new LinkedHashMap<>();
    private final Map<String, Double> ratios = new LinkedHashMap<>();

    private record Series(String unit, List<Double> values) {}

    /** Adds the value of one run. */
    public void add(String name, String unit, double value) {
        series.computeIfAbsent(name, first -> new Series(unit, new ArrayList<>()))
                .values()
                .add(value);
    }

    /**
     * Adds the ratio of two medians.
     *
     * @param name of the ratio
     * @param numerator the name of a measurement
     * @param denominator the name of a measurement
     */
    public void ratio(String name, String numerator, String denominator) {
        ratios.put(name, spread(numerator).median() / spread(denominator).median());
    }

    /** All of it. */
    public BenchmarkReport report(String benchmark, Map<String, Object> machine) {
        List<Result> results = series.entrySet().stream()
                .map(one -> new Result(one.getKey(), one.getValue().unit(), spread(one.getKey())))
                .toList();
        return new BenchmarkReport(benchmark, machine, results, ratios);
    }

    private Spread spread(String name) {
        return Spread.of(
                Optional.ofNullable(series.get(name)).map(Series::values).orElse(List.of()));
    }
}
