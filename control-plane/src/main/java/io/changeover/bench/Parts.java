package io.changeover.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a benchmark has started and has to stop, the last first. A signal's thread may close it while the benchmark
 * runs: what is started after that is stopped at once. Closing it again does nothing.
 */
public final class Parts implements AutoCloseable {

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private boolean closed;

    /**
     * Takes a part that has been started.
     *
     * @return the same
     * @throws IllegalStateException if it came too late
     */
    public <T extends AutoCloseable> T add(T part) {
        synchronized (started) {
            if (!closed) {
                started.push(part);
                return part;
            }
        }
        stop(part);
        throw new IllegalStateException("The benchmark was interrupted");
    }

    @Override
    public void close() {
        synchronized (started) {
            closed = true;
            while (!started.isEmpty()) {
                stop(started.pop());
            }
        }
    }

    private static void stop(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            System.getLogger(Parts.class.getName())
                    .log(System.Logger.Level.WARNING, "A part of the benchmark did not stop cleanly", e);
        }
    }
}
