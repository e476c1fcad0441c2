package io.changeover.runner;

import io.changeover.cutover.Gate;
import io.changeover.cutover.GateFacts;
import io.changeover.cutover.GateLook;
import io.changeover.cutover.Gates;
import io.changeover.ddl.DdlWatch;
import io.changeover.lag.Observer;
import io.changeover.lag.Pending;
import io.changeover.lag.Progress;
import io.changeover.lag.Quarantined;
import io.changeover.migration.ConnectorLook;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Readiness;
import io.changeover.spec.CutoverSpec;
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

/** Looks at a pair all the time, on threads of its own, and keeps the last look. Safe for use by several threads. */
final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration EVERY = Duration.ofMillis(300);
    private static final Duration CONNECTORS_EVERY = Duration.ofSeconds(2);
    private static final Duration DEFINITIONS_EVERY = Duration.ofSeconds(1);
    private static final Duration GATES_EVERY = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Observer observer;
    private final ConnectorLooks looks;
    private final DdlWatch definitions;
    private final GateLook gates;
    private final ScheduledExecutorService threads;
    private volatile Progress last = Progress.none(Instant.EPOCH);
    private volatile Optional<List<ConnectorLook>> connectors = Optional.of(List.of());
    private volatile boolean loadBegan;
    private volatile boolean connectorsRun;
    private volatile List<String> problems = List.of();
    private volatile Optional<GateFacts> servers = Optional.empty();
    private boolean troubled;

    /** Connect and the catalogs may take their time, and nobody is to wait for them. */
    private static final int THREADS = 4;

    Watch(Observer observer, ConnectorLooks looks, DdlWatch definitions, GateLook gates, String name) {
        this.observer = observer;
        this.looks = looks;
        this.definitions = definitions;
        this.gates = gates;
        threads = Executors.newScheduledThreadPool(THREADS, task -> {
            Thread watching = new Thread(task, "changeover-watch-" + name);
            watching.setDaemon(true);
            return watching;
        });
        every(EVERY, this::look);
        every(CONNECTORS_EVERY, this::lookAtConnectors);
        every(DEFINITIONS_EVERY, this::lookAtDefinitions);
        every(GATES_EVERY, this::lookAtGates);
    }

    private void every(Duration pause, Runnable look) {
        var unused = threads.scheduleWithFixedDelay(look, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
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
            Progress seen = observer.observe(loadBegan);
            last = seen.withWarnings(definitions.warnings()).withQuarantine(definitions.explained(seen.quarantine()));
            troubled = false;
        } catch (SQLException | RuntimeException e) {
            if (!troubled) {
                LOG.warn("Cannot look at a database pair; will go on trying", e);
            }
            troubled = true;
        }
    }

    private void lookAtDefinitions() {
        try {
            definitions.look();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("Definitions cannot be read now; what was found last stays", e);
        }
    }

    private void lookAtGates() {
        servers = Optional.of(gates.now());
    }

    private void lookAtConnectors() {
        try {
            connectors = Optional.of(looks.now());
        } catch (RuntimeException e) {
            LOG.debug("Connect does not say how the connectors are", e);
            connectors = Optional.empty();
        }
    }

    /** How the connectors were a moment ago; empty if Connect did not say. */
    Optional<List<ConnectorLook>> connectors() {
        return connectors;
    }

    /** The last look. */
    Progress progress() {
        return last;
    }

    /** What a cutover would need; an old look counts as none. */
    Readiness readiness(DatabaseState state) {
        Progress now = last;
        Optional<Duration> lag = now.pending()
                .filter(pending -> isFresh(now))
                .map(Pending::lagMillis)
                .map(Duration::ofMillis);
        List<String> blocking = new ArrayList<>(problems);
        blocking.addAll(definitions.blockers());
        blocking.addAll(Quarantined.sentences(now.quarantine()));
        return new Readiness(state, connectorsRun, lag, blocking);
    }

    /** What has to hold for a cutover, as it was a moment ago. */
    List<Gate> gates(DatabaseStatus status, CutoverSpec spec) {
        Progress now = last;
        return Gates.of(new Gates.Seen(
                status,
                spec,
                now,
                isFresh(now),
                connectorsRun,
                connectors.orElse(List.of()).stream()
                        .filter(look -> !look.state().equals("RUNNING"))
                        .map(look -> look.name() + " is " + look.state())
                        .toList(),
                problems,
                definitions.blockers(),
                servers));
    }

    /** The same with a new look at both servers. */
    List<Gate> gatesNow(DatabaseStatus status, CutoverSpec spec) {
        lookAtGates();
        return gates(status, spec);
    }

    private static boolean isFresh(Progress progress) {
        return progress.at().plus(FRESH).isAfter(Instant.now());
    }

    /** Looks no more; the last look stays. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            boolean ended = threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) { // it waits for a topic that is gone, say
                threads.shutdownNow();
                ended = threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            gates.close();
            if (ended) {
                observer.close();
                definitions.close();
            } else {
                LOG.warn("A look at a database pair does not end; its connections stay open");
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
