package io.changeover.load;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Holds a copy to a number of bytes in a second, which may change meanwhile. Not thread-safe. */
final class Throttle {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

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

    /**
     * The same, and waits.
     *
     * @param stopped asked now and then
     * @throws SQLException with SQLSTATE 57014 if it is to stop
     */
    void await(long bytes, BooleanSupplier stopped) throws SQLException {
        long nanosToWait = pass(bytes);
        long begun = System.nanoTime();
        do {
            if (stopped.getAsBoolean()) {
                throw new SQLException("The load was stopped", "57014");
            }
            long left = nanosToWait - (System.nanoTime() - begun);
            if (left > 0) {
                LockSupport.parkNanos(Math.min(left, LONGEST_PAUSE));
            }
        } while (System.nanoTime() - begun < nanosToWait);
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
