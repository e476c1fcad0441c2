package io.changeover.sink.failure;

import java.time.Duration;
import java.util.Optional;

/**
 * How often and when to try again. The waiting time doubles from one attempt to the next, up to a minute. Not
 * thread-safe.
 */
public final class Retries {

    /** As a maximum: without end. */
    public static final int UNLIMITED = -1;

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MAX_DOUBLINGS = 16;

    private final int max;
    private final Duration first;
    private int failures;

    public Retries(int max, Duration first) {
        this.max = max;
        this.first = first;
    }

    /** After a failure: how long to wait, or empty if there were enough attempts. */
    public Optional<Duration> next() {
        if (max != UNLIMITED && failures >= max) {
            return Optional.empty();
        }
        Duration wait = first.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        return Optional.of(wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
    }

    /** After a success: the next failure is the first one again. */
    public void succeeded() {
        failures = 0;
    }
}
