package io.changeover.bench;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what a benchmark needs before it can go on. */
public final class Condition {

    private Condition() {}

    /**
     * Asks until the answer is yes.
     *
     * @param what is waited for, for the message
     * @param limit how long
     * @param every pause between two questions
     * @throws IllegalStateException if it was not so in time
     */
    public static void await(String what, Duration limit, Duration every, Callable<Boolean> question) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!question.call()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("Waited " + limit.toSeconds() + " s in vain until " + what);
            }
            TimeUnit.NANOSECONDS.sleep(every.toNanos());
        }
    }
}
