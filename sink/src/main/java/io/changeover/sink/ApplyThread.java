package io.changeover.sink;

import io.changeover.sink.failure.FailedChangeException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Applies beside the task's thread, which fetches and decodes the next records meanwhile. One job at a time: what it
 * works on, nobody else touches until it is over. Not thread-safe: the task's thread has it.
 */
final class ApplyThread {

    private static final Logger LOG = LoggerFactory.getLogger(ApplyThread.class);

    private final String name;
    private Optional<FutureTask<Boolean>> underWay = Optional.empty();

    /**
     * None yet.
     *
     * @param name of the thread, for people
     */
    ApplyThread(String name) {
        this.name = name;
    }

    /**
     * Begins a job; the one before it is over.
     *
     * @param job returns whether something was committed
     */
    void begin(Callable<Boolean> job) {
        if (underWay.isPresent()) {
            throw new IllegalStateException("A job is under way");
        }
        Map<String, String> context =
                Optional.ofNullable(MDC.getCopyOfContextMap()).orElse(Map.of());
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            MDC.setContextMap(context);
            return job.call();
        });
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
     * @return whether it committed something
     * @throws SQLException what the job has thrown; so do the other two
     */
    boolean end() throws SQLException, FailedChangeException {
        if (underWay.isEmpty()) {
            return false;
        }
        FutureTask<Boolean> task = underWay.get();
        try {
            boolean committed = waitFor(task);
            underWay = Optional.empty();
            return committed;
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
    private static boolean waitFor(FutureTask<Boolean> task) throws ExecutionException {
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
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
