package io.changeover.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has to be stopped, whether the command ends by itself, by Ctrl-C or by a signal: in the opposite order of its
 * start, once.
 */
final class OnExit implements AutoCloseable {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Thread hook = new Thread(this::stopAll, "changeover-exit");
    private boolean closed;

    OnExit() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Stops this part, too, when the command ends; at once if it is ending already. */
    <T extends AutoCloseable> T stop(T part) {
        synchronized (parts) {
            if (!closed) {
                parts.push(part);
                return part;
            }
        }
        stop1(part);
        throw new CommandFailed(ExitCode.FAILED, "Interrupted");
    }

    private void stopAll() {
        synchronized (parts) {
            closed = true;
            while (!parts.isEmpty()) {
                stop1(parts.pop());
            }
        }
    }

    private static void stop1(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            System.err.println("A part did not stop cleanly: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        stopAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is going down: the hook runs or has run
        }
    }
}
