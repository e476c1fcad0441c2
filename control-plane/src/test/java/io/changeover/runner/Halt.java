package io.changeover.runner;

import java.util.concurrent.Semaphore;

/** Where a simulated process stops, as after SIGSTOP, until somebody lets it go on. */
final class Halt {

    private final int at;
    private final Semaphore stopped = new Semaphore(0);
    private final Semaphore awake = new Semaphore(0);
    private int count;
    private boolean ended;

    Halt(int at) {
        this.at = at;
    }

    /** At each of its points: whether it stops now. */
    boolean isHere() {
        count++;
        return count == at;
    }

    int count() {
        return count;
    }

    void stop() {
        stopped.release();
        awake.acquireUninterruptibly();
    }

    /** Runs it in a thread until it stops or ends. */
    void begin(Runnable process) {
        Thread thread = new Thread(
                () -> {
                    try {
                        process.run();
                    } finally {
                        ended = true;
                        stopped.release();
                    }
                },
                "simulated");
        thread.setDaemon(true);
        thread.start();
        stopped.acquireUninterruptibly();
    }

    /** Lets it go on, if it has not ended, until it ends. */
    void wake() {
        if (!ended) {
            awake.release();
            stopped.acquireUninterruptibly();
        }
    }

    boolean hasEnded() {
        return ended;
    }
}
