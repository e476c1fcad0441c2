package io.changeover.runner;

import io.changeover.lag.Observer;
import io.changeover.lag.Pending;
import io.changeover.lag.Progress;
import io.changeover.lag.Quarantined;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.Readiness;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a pair all the time, on a thread of its own, and keeps the last look. Safe for use by several threads. */
final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration EVERY = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Observer observer;
    private final ScheduledExecutorService thread;
    private volatile Progress last = Progress.none(Instant.EPOCH);
    private volatile boolean loadBegan;
    private volatile boolean connectorsRun;
    private volatile List<String> problems = List.of();
    private boolean troubled;

    Watch(Observer observer, String name) {
        this.observer = observer;
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread watching = new Thread(task, "changeover-watch-" + name);
            watching.setDaemon(true);
            return watching;
        });
        var unused = thread.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** From now on there is a progress topic to read. */
    void loadBegins() {
        loadBegan = true;
    }

    /** What the last look at the connectors said. */
    void connectorsRun(boolean running) {
        connectorsRun = running;
    }

    /** What the last look at the guard and the foreign keys said. */
    void problems(List<String> found) {
        problems = List.copyOf(found);
    }

    private void look() {
        try {
            last = observer.observe(loadBegan);
            troubled = false;
        } catch (SQLException | RuntimeException e) {
            if (!troubled) {
                LOG.warn("Cannot look at a database pair; will go on trying", e);
            }
            troubled = true;
        }
    }

    /** The last look. */
    Progress progress() {
        return last;
    }

    /** What a cutover would need; an old look counts as none. */
    Readiness readiness(DatabaseState state) {
        Progress now = last;
        boolean fresh = now.at().plus(FRESH).isAfter(Instant.now());
        Optional<Duration> lag =
                now.pending().filter(pending -> fresh).map(Pending::lagMillis).map(Duration::ofMillis);
        List<String> blocking = new ArrayList<>(problems);
        blocking.addAll(Quarantined.sentences(now.quarantine()));
        return new Readiness(state, connectorsRun, lag, blocking);
    }

    /** Looks no more; the last look stays. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            boolean ended = thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) { // it waits for a topic that is gone, say
                thread.shutdownNow();
                ended = thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (ended) {
                observer.close();
            } else {
                LOG.warn("A look at a database pair does not end; its connections stay open");
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
