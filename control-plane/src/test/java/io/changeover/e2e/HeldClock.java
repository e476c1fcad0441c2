package io.changeover.e2e;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that a control plane's thread asks for the time in vain, from a moment that a test names until it lets go.
 */
final class HeldClock extends Clock {

    private final Clock clock = Clock.systemUTC();
    private final AtomicReference<Optional<Hold>> armed = new AtomicReference<>(Optional.empty());

    /** One thread that waits. Closing it lets the thread go on. */
    static final class Hold implements AutoCloseable {

        private final Thread thread;
        private final Callable<Boolean> moment;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);

        private Hold(Thread thread, Callable<Boolean> moment) {
            this.thread = thread;
            this.moment = moment;
        }

        boolean isReached() {
            return reached.getCount() == 0;
        }

        private void come() {
            try {
                if (Thread.currentThread() == thread && over.getCount() > 0 && moment.call()) {
                    reached.countDown();
                    over.await();
                }
            } catch (Exception e) {
                throw new IllegalStateException("The moment of a hold", e);
            }
        }

        @Override
        public void close() {
            over.countDown();
        }
    }

    /**
     * Holds a thread when it asks for the time.
     *
     * @param moment asked by that thread, each time before it is told
     */
    Hold hold(Thread thread, Callable<Boolean> moment) {
        Hold hold = new Hold(thread, moment);
        armed.set(Optional.of(hold));
        return hold;
    }

    @Override
    public Instant instant() {
        armed.get().ifPresent(Hold::come);
        return clock.instant();
    }

    @Override
    public ZoneId getZone() {
        return clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return clock.withZone(zone);
    }
}
