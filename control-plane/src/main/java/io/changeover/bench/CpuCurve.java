package io.changeover.bench;

import java.util.Comparator;
import java.util.List;

/** The CPU time that a process had used at moments of a run, and by interpolation at those in between. */
public final class CpuCurve {

    /**
     * A look at the process.
     *
     * @param atMillis milliseconds since 1970
     * @param cpuNanos user and system time of all threads since the process began, in nanoseconds
     */
    public record Sample(long atMillis, long cpuNanos) {}

    private final List<Sample> samples;

    /** A curve through these samples, in any order. */
    public CpuCurve(List<Sample> samples) {
        this.samples = samples.stream()
                .sorted(Comparator.comparingLong(Sample::atMillis))
                .toList();
    }

    /**
     * CPU time used up to a moment, in nanoseconds.
     *
     * @param millis since 1970
     * @throws IllegalArgumentException if no samples lie on both sides of the moment
     */
    public double nanosAt(long millis) {
        for (int i = 0; i < samples.size(); i++) {
            Sample after = samples.get(i);
            if (after.atMillis() == millis) {
                return after.cpuNanos();
            }
            if (after.atMillis() > millis && i > 0) {
                return between(samples.get(i - 1), after, millis);
            }
        }
        throw new IllegalArgumentException("No CPU time was sampled around " + millis);
    }

    private static double between(Sample before, Sample after, long millis) {
        double share = (double) (millis - before.atMillis()) / (after.atMillis() - before.atMillis());
        return before.cpuNanos() + share * (after.cpuNanos() - before.cpuNanos());
    }
}
