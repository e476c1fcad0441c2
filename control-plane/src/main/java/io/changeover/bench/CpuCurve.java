package io.changeover.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The CPU time that a process had used at moments of a run, and by interpolation at those in between. */
public final class CpuCurve {

    /**
     * A look at the process.
     *
     * @param atMillis milliseconds since 1970
     * @param cpuNanos user and system time of all threads since the process began, in nanoseconds
     */
    public record Sample(long atMillis, long cpuNanos) {}

    private final TreeMap<Long, Long> nanosByMillis = new TreeMap<>();

    /** A curve through these samples. */
    public CpuCurve(List<Sample> samples) {
        samples.forEach(sample -> nanosByMillis.put(sample.atMillis(), sample.cpuNanos()));
    }

    /**
     * CPU time used up to a moment, in nanoseconds.
     *
     * @param millis since 1970
     * @throws IllegalArgumentException if the moment lies outside of the samples
     */
    public double nanosAt(long millis) {
        Map.Entry<Long, Long> before = nanosByMillis.floorEntry(millis);
        Map.Entry<Long, Long> after = nanosByMillis.ceilingEntry(millis);
        if (before == null || after == null) {
            throw new IllegalArgumentException("No CPU time was sampled around " + millis);
        }
        long from = before.getKey();
        long to = after.getKey();
        double share = from == to ? 0 : (double) (millis - from) / (to - from);
        return before.getValue() + share * (after.getValue() - before.getValue());
    }
}
