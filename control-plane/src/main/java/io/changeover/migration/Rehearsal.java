package io.changeover.migration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What rehearsals of a cutover have measured, in milliseconds.
 *
 * @param runs how many there were
 * @param phases of the freeze, in order
 * @param freezeP50 what half of the runs did not exceed
 * @param freezeP95 what 95 of 100 did not exceed; of few runs the longest
 */
public record Rehearsal(Instant at, int runs, List<Phase> phases, long freezeP50, long freezeP95) {

    /**
     * A part of the freeze.
     *
     * @param how {@code measured}, or what is measured in its place
     */
    public record Phase(String name, long p50, long p95, String how) {}

    public Rehearsal {
        phases = List.copyOf(phases);
    }

    /**
     * One of several runs that had the same parts.
     *
     * @param how for parts that are not measured as they are, by name
     */
    public static Rehearsal of(Instant at, List<List<CutoverResult.Phase>> runs, Map<String, String> how) {
        Map<String, List<Long>> byName = new LinkedHashMap<>();
        List<Long> totals = new ArrayList<>();
        for (List<CutoverResult.Phase> run : runs) {
            run.forEach(phase -> byName.computeIfAbsent(phase.name(), name -> new ArrayList<>())
                    .add(phase.millis()));
            totals.add(run.stream().mapToLong(CutoverResult.Phase::millis).sum());
        }
        List<Phase> phases = new ArrayList<>();
        byName.forEach((name, times) -> phases.add(
                new Phase(name, percentile(times, 50), percentile(times, 95), how.getOrDefault(name, "measured"))));
        return new Rehearsal(at, runs.size(), phases, percentile(totals, 50), percentile(totals, 95));
    }

    /** The smallest of the numbers that so many of 100 do not exceed. */
    static long percentile(List<Long> numbers, int percent) {
        List<Long> sorted = numbers.stream().sorted().toList();
        int rank = (sorted.size() * percent + 99) / 100;
        return sorted.get(Math.max(1, rank) - 1);
    }
}
