package io.changeover.demo;

import java.time.Duration;

/**
 * Spreads turns evenly over time, for several clients together. A short delay is made up for, a long one is not: after
 * an outage there is no burst. Thread-safe.
 */
final class Pace {

    private static final long MADE_UP_FOR_NANOS = Duration.ofMillis(200).toNanos();

    private final long intervalNanos;
    private long nextTurn;

    /**
     * Starts now.
     *
     * @param perSecond how many turns a second
     * @param now as of {@link System#nanoTime()}
     */
    Pace(int perSecond, long now) {
        this.intervalNanos = Duration.ofSeconds(1).toNanos() / perSecond;
        this.nextTurn = now;
    }

    /** Takes the next turn; how long to wait for it, in nanoseconds, negative if it is late. */
    synchronized long takeTurn(long now) {
        long turn = Math.max(nextTurn - now, -MADE_UP_FOR_NANOS);
        nextTurn = now + turn + intervalNanos;
        return turn;
    }
}
