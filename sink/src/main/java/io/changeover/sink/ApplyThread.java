package io.changeover.sink;

import io.changeover.sink.failure.FailedChangeException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Applies beside the task's thread, which fetches and decodes the next records meanwhile. One job at a time. Not
 * thread-safe: the task's thread has it.
 */
final class ApplyThread {

    private static final Logger LOG = LoggerFactory.getLogger(ApplyThread.class);

    /** Applies something. */
    interface Job {
        void run() throws SQLException, FailedChangeException;
    }

    private final String name;
    private final Runnable whenOver;
    private Optional<FutureTask<?>> underWay = Optional.empty();

    /**
     * None yet.
     *
     * @param name of the thread, for people
     * @param whenOver is run by the thread after each job, when {@link #isOver()} says so already
     */
    ApplyThread(String name, Runnable whenOver) {
        this.name = name;
        this.whenOver = whenOver;
    }

    /** Begins a job; the one before it is over. */
    void begin(Job job) {
        if (underWay.isPresent()) {
            throw new IllegalStateException("A job is under way");
        }
        Map<String, String> context =
                Optional.ofNullable(MDC.getCopyOfContextMap()).orElse(Map.of());
        FutureTask<?> task =
                new FutureTask<>(() -> {
                    MDC.setContextMap(context);
                    job.run();
                    return null;
                }) {
                    @Override
                    protected void done() {
                        whenOver.run();
                    }
                };
        underWay = Optional.of(task);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether a job's result has not been asked for. */
    boolean hasJob() {
        return underWay.isPresent();
    }

    /** Whether the job under way has nothing left to do: {@link #end()} would not wait. */
    boolean isOver() {
        return underWay.filter(FutureTask::isDone).isPresent();
    }

    /**
     * Waits for the job that is under way, if there is one.
     *
     * @throws SQLException what the job has thrown; so do the other two
     */
    void end() throws SQLException, FailedChangeException {
        if (underWay.isEmpty()) {
            return;
        }
        FutureTask<?> task = underWay.get();
        try {
            waitFor(task);
            underWay = Optional.empty();
        } catch (ExecutionException e) {
            underWay = Optional.empty();
            throw thrown(e);
        }
    }

    /** Waits until no job is under way; its result can still be asked for. */
    void await() {
        if (underWay.isPresent()) {
            try {
                waitFor(underWay.get());
            } catch (ExecutionException e) {
                LOG.debug("{} has failed; its end tells how", name); // the cause may hold values
            }
        }
    }

    /** A connection in use cannot be let go of: an interrupt is kept for the caller. */
    private static void waitFor(FutureTask<?> task) throws ExecutionException {
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException thrown(ExecutionException e) throws SQLException, FailedChangeException {
        Throwable cause = e.getCause();
        if (cause instanceof SQLException sql) {
            throw sql;
        } else if (cause instanceof FailedChangeException failed) {
            throw failed;
        } else if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        } else if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(cause);
    }
}
