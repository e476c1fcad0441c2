package io.changeover.sink;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long a put has lasted. The consumer is thrown out of its group if it does not come back in time. */
final class PutTime {

    /** Far below the default of max.poll.interval.ms, 5 minutes: the step under way still has to end. */
    static final Duration LONGEST = Duration.ofMinutes(1);

    private final long longest;
    private final LongSupplier nanos;
    private long since;

    /**
     * A time.
     *
     * @param nanos a clock, as {@link System#nanoTime()}
     */
    PutTime(Duration longest, LongSupplier nanos) {
        this.longest = longest.toNanos();
        this.nanos = nanos;
    }

    void begin() {
        since = nanos.getAsLong();
    }

    boolean isOver() {
        return nanos.getAsLong() - since > longest;
    }
}
