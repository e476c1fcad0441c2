package io.changeover.bench.apply;

import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Figures;
import io.changeover.bench.Machine;
import io.changeover.bench.Measurements;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names what was measured, and compares ours with each other side. Not thread-safe. */
final class ApplyMeasurements {

    private static final String OURS = "ours";
    private static final String SPEED = "changes per second";
    private static final String WORKER = "worker CPU per change";
    private static final String TARGET = "target CPU per change";

    private final Measurements measurements = new Measurements();
    private final Set<String> names = new LinkedHashSet<>();
    private final Map<String, Object> machine = Machine.describe();

    /** Something to say about the machine or the run. */
    void note(String what, Object value) {
        machine.put(what, value);
    }

    /** Adds a run, and returns it as a line for a person. */
    String add(String workload, String side, Optional<Measured> measured) {
        if (measured.isEmpty()) {
            note(workload + " " + side, "a run is left out: all was applied in one step; measure more changes");
            return workload + " " + side + ": all was applied in one step";
        }
        return add(workload, side, measured.get());
    }

    private String add(String workload, String side, Measured measured) {
        String who = workload + " " + side + " ";
        add(who + SPEED, "changes/s", measured.changesPerSecond());
        measured.workerMicros().ifPresent(micros -> add(who + WORKER, "µs", micros));
        add(who + TARGET, "µs", measured.targetMicros());
        return "%s %s: %s changes/s, µs CPU per change: worker %s, target %s"
                .formatted(
                        workload,
                        side,
                        Figures.of(measured.changesPerSecond()),
                        measured.workerMicros().map(Figures::of).orElse("–"),
                        Figures.of(measured.targetMicros()));
    }

    /** Adds a value of another kind. */
    void add(String name, String unit, double value) {
        names.add(name);
        measurements.add(name, unit, value);
    }

    /** Compares our side with another in all that both have. */
    void compare(String workload, String other) {
        for (String what : new String[] {SPEED, WORKER, TARGET}) {
            ratio(
                    workload + " ours/" + other + " " + what,
                    workload + " " + OURS + " " + what,
                    workload + " " + other + " " + what);
        }
    }

    /** The ratio of the medians of two measurements, if both are there. */
    void ratio(String name, String numerator, String denominator) {
        if (names.contains(numerator) && names.contains(denominator)) {
            measurements.ratio(name, numerator, denominator);
        }
    }

    /** The ratio of a side's speed to ours. */
    void distance(String workload, String distant) {
        ratio(
                workload + " " + distant + "/ours " + SPEED,
                workload + " " + distant + " " + SPEED,
                workload + " ours " + SPEED);
    }

    BenchmarkReport report(String benchmark) {
        return measurements.report(benchmark, machine);
    }
}
