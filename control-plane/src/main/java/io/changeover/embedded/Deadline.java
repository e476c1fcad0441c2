package io.changeover.embedded;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shutdown steps that must not hold up the next one for longer than they were given. */
final class Deadline {

    private static final Logger LOG = LoggerFactory.getLogger(Deadline.class);

    private Deadline() {}

    /**
     * Runs a step in a thread of its own and waits until it ends, or until its time is over: then it is interrupted and
     * left behind (its thread is a daemon).
     *
     * @return whether it ended in time
     */
    static boolean run(String step, Duration limit, Runnable action) {
        Thread thread = new Thread(action, step);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, e) -> LOG.debug("Failed to {}", step, e));
        thread.start();
        try {
            thread.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.info("Did not wait longer than {} s to {}", limit.toSeconds(), step);
            thread.interrupt();
            return false;
        }
        return true;
    }
}
