package io.changeover.bench;

import java.util.List;

/** The smallest, the middle and the largest of some measurements, in their unit. */
public record Spread(double min, double median, double max) {

    /**
     * The spread of at least one value; the median of an even number is the mean of the two in the middle.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("Nothing was measured");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int upper = sorted.size() / 2;
        int lower = (sorted.size() - 1) / 2;
        return new Spread(sorted.get(0), (sorted.get(lower) + sorted.get(upper)) / 2, sorted.get(sorted.size() - 1));
    }
}
