package io.changeover.load;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Holds a copy to a number of bytes in a second, which may change meanwhile. Not thread-safe. */
final class Throttle {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier bytesPerSecond;
    private final LongSupplier nanos;
    private long rate;
    private long since;
    private long passed;

    /**
     * A throttle.
     *
     * @param bytesPerSecond asked all the time; 0 is no limit
     * @param nanos a clock
     */
    Throttle(LongSupplier bytesPerSecond, LongSupplier nanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanos = nanos;
    }

    /**
     * Counts what has passed. What was slower than it had to be is not made up for.
     *
     * @return how long to wait before more may pass, in nanoseconds
     */
    long pass(long bytes) {
        long now = nanos.getAsLong();
        long wanted = bytesPerSecond.getAsLong();
        if (wanted != rate) {
            begin(now, wanted);
        }
        passed += bytes;
        return rate == 0 ? 0 : rest(now);
    }

    private long rest(long now) {
        double due = passed * (double) SECOND / rate;
        long elapsed = now - since;
        if (elapsed - due > SECOND) {
            begin(now, rate);
        }
        return (long) Math.max(0, due - elapsed);
    }

    private void begin(long now, long wanted) {
        rate = wanted;
        since = now;
        passed = 0;
    }
}
