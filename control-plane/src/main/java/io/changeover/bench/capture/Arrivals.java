package io.changeover.bench.capture;

import java.util.Map;
import java.util.TreeMap;

/**
 * When row changes arrived in Kafka: their number by the broker's append time, in milliseconds since 1970. Not
 * thread-safe.
 */
final class Arrivals {

    /**
     * The part of a run that counts.
     *
     * @param fromMillis when the last change of the warm-up was in
     * @param toMillis when all were in
     * @param changes that arrived after the first moment, up to the last
     */
    record Counted(long fromMillis, long toMillis, long changes) {

        double changesPerSecond() {
            return changes * 1000.0 / (toMillis - fromMillis);
        }
    }

    private final TreeMap<Long, Long> byMillis = new TreeMap<>();
    private long total;

    /** Changes that were appended at this moment. */
    void add(long millis, long changes) {
        if (changes > 0) {
            byMillis.merge(millis, changes, Long::sum);
            total += changes;
        }
    }

    /** All of them. */
    long total() {
        return total;
    }

    /**
     * What arrived after the warm-up: after the moment at which at least so many were in.
     *
     * @throws IllegalStateException if nothing arrived later than that
     */
    Counted after(long warmUp) {
        long arrived = 0;
        for (Map.Entry<Long, Long> moment : byMillis.entrySet()) {
            arrived += moment.getValue();
            if (arrived >= warmUp && arrived < total) {
                return new Counted(moment.getKey(), byMillis.lastKey(), total - arrived);
            }
        }
        throw new IllegalStateException(
                "All of the " + total + " changes arrived within the warm-up of " + warmUp + ": measure more changes");
    }
}
