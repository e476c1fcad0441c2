package io.changeover.sink.failure;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * How often and when to try again. The waiting time doubles from one attempt to the next, up to a minute. Of that at
 * least half is waited; the rest is left to chance, so that those who have lost the same server do not come back at the
 * same moment. Not thread-safe.
 */
public final class Retries {

    /** As a maximum: without end. */
    public static final int UNLIMITED = -1;

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MAX_DOUBLINGS = 16;

    private final int max;
    private final Duration first;
    private final DoubleSupplier chance;
    private int failures;

    /**
     * No failure yet.
     *
     * @param max attempts in a row, or {@link #UNLIMITED}
     * @param first the longest that the first wait may take
     * @param chance from 0 to 1
     */
    public Retries(int max, Duration first, DoubleSupplier chance) {
        this.max = max;
        this.first = first;
        this.chance = chance;
    }

    /** After a failure: how long to wait, or empty if there were enough attempts. */
    public Optional<Duration> next() {
        if (max != UNLIMITED && failures >= max) {
            return Optional.empty();
        }
        Duration whole = first.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        long longest = Math.min(whole.toMillis(), LONGEST.toMillis());
        return Optional.of(Duration.ofMillis(Math.max(1, Math.round(longest * (0.5 + chance.getAsDouble() / 2)))));
    }

    /** After a success: the next failure is the first one again. */
    public void succeeded() {
        failures = 0;
    }
}
