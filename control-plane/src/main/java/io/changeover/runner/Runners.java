package io.changeover.runner;

import io.changeover.connect.ConnectClient;
import io.changeover.cutover.GateLook;
import io.changeover.ddl.DdlWatch;
import io.changeover.hook.Hooks;
import io.changeover.kafka.KafkaCluster;
import io.changeover.lag.Observer;
import io.changeover.leader.Tenure;
import io.changeover.ledger.LeaderLedger.Leader;
import io.changeover.migration.AuditEntry;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.migration.Recorded;
import io.changeover.migration.Way;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.HookDirection;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.Secrets;
import io.changeover.spec.UnresolvedSecret;
import io.changeover.spec.VerificationSpec;
import io.changeover.store.MigrationStore;
import io.changeover.verify.live.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Who leads which pair: a thread with a {@link DatabaseRunner} for each that is not at rest. Safe for several threads.
 */
final class Runners implements AutoCloseable {

    private static final Duration STOP = Duration.ofSeconds(6);

    private record Key(String migration, DatabasePair pair) {}

    /**
     * Who leads a pair.
     *
     * @param ended set, under this object's lock, when it has found nothing more to do
     */
    private record Running(
            StoredPair led,
            Thread thread,
            Watch watch,
            Verification verification,
            BackWatch back,
            AtomicBoolean ended) {}

    private final MigrationStore store;
    private final KafkaCluster cluster;
    private final Secrets secrets;
    private final Hooks hooks;
    private final Path workDirectory;
    private final Clock clock;
    private final Map<Key, Running> running = new HashMap<>();
    private boolean closed;

    Runners(MigrationStore store, KafkaCluster cluster, Secrets secrets, Hooks hooks, Path workDirectory, Clock clock) {
        this.hooks = hooks;
        this.store = store;
        this.cluster = cluster;
        this.secrets = secrets;
        this.workDirectory = workDirectory;
        this.clock = clock;
    }

    /** Has every pair led that is not at rest. */
    synchronized void lead(Migration migration) {
        if (closed) {
            return;
        }
        for (DatabaseStatus status : migration.databases()) {
            Key key = new Key(migration.name(), status.pair());
            Running before = running.get(key);
            if (!status.atRest() && (before == null || before.ended().get())) {
                try {
                    running.put(key, run(migration.spec(), status));
                } catch (UnresolvedSecret e) {
                    fail(migration.name(), status.pair(), "A password cannot be found: " + e.reason());
                }
            }
        }
    }

    private void fail(String migration, DatabasePair pair, String why) {
        store.update(
                migration,
                AuditEntry.Cause.ITSELF,
                before -> before.with(pair, status -> status.failed(why, clock.instant())));
    }

    /** What this control plane has to show before it changes something of a pair. */
    Tenure tenure(Pair pair) {
        return new Tenure(
                new Leader(store.epoch(), store.controlPlane()),
                pair.names().changeTopic(),
                pair.source(),
                pair.target(),
                new StoreStanding(store));
    }

    private Running run(MigrationSpec spec, DatabaseStatus status) {
        DatabasePair databases = status.pair();
        Pair pair = Pair.of(
                spec, databases, secrets, workDirectory, status.abandoned().servers());
        Tenure tenure = tenure(pair);
        Pair led = pair.led(tenure);
        ConnectClient connect = new ConnectClient(cluster.connectUrl(), new LeaderLeave(tenure));
        Verification verification = verification(spec.name(), databases, led, Way.THERE);
        FenceGate gate = new FenceGate(verification, () -> wanted(spec.name()).mode());
        Watch watch = watch(pair, connect, gate, false);
        Pair ledBack = led.back();
        BackGate backGate = new BackGate(() -> new FenceGate(
                verification(spec.name(), databases, ledBack, Way.BACK),
                () -> wanted(spec.name()).mode()));
        BackWatch back = new BackWatch(() -> watch(pair.back(), connect, backGate, true), backGate);
        try {
            StoredPair stored = new StoredPair(store, spec.name(), databases, watch, back);
            Work work = new PairWork(
                    led,
                    new Connectors(led, connect, clock),
                    new Topics(cluster.kafka(), pair.names(), tenure),
                    cluster,
                    tenure,
                    gate,
                    new PairBackWork(
                            ledBack,
                            new Connectors(ledBack, connect, clock),
                            new Topics(cluster.kafka(), ledBack.names(), tenure),
                            cluster.kafka(),
                            backGate,
                            hooks(ledBack, HookDirection.ROLLBACK, stored)),
                    hooks(led, HookDirection.CUTOVER, stored),
                    counts -> FormerSources.remember(store, spec.name(), databases, counts));
            DatabaseRunner runner = new DatabaseRunner(pair.names().slot(), stored, work, clock);
            AtomicBoolean ended = new AtomicBoolean();
            Thread thread = new Thread(
                    () -> {
                        try (watch;
                                back) {
                            runner.run();
                        } finally {
                            ended(spec.name(), ended);
                        }
                    },
                    "changeover-run-" + pair.names().slot());
            thread.start();
            return new Running(stored, thread, watch, verification, back, ended);
        } catch (IOException e) {
            watch.close();
            throw new UncheckedIOException("The work directory " + pair.workDirectory() + " cannot be used", e);
        }
    }

    private Watch watch(Pair pair, ConnectClient connect, io.changeover.cutover.Verification gate, boolean back) {
        return new Watch(
                new Observer(pair.source(), pair.target(), cluster.kafka(), pair.names(), back, clock),
                new ConnectorLooks(connect, pair.names()),
                new DdlWatch(pair.definitions(), pair.source(), pair.target()),
                new GateLook(pair.source(), pair.target(), gate, clock),
                pair.names().slot());
    }

    private CutoverHooks hooks(Pair pair, HookDirection direction, Led led) {
        String migration = pair.spec().name();
        return new CutoverHooks(
                pair,
                direction,
                led,
                () -> store.get(migration).map(found -> found.spec().hooks()).orElse(List.of()),
                () -> direction == HookDirection.ROLLBACK || led.status().cutoverRequested()
                        ? lastRequest(migration, pair.names().database(), direction.word())
                        : Optional.empty(),
                hooks,
                clock);
    }

    private Optional<Long> lastRequest(String migration, String database, String what) {
        return store.newestAudit().stream()
                .filter(recorded -> recorded.isRequest() && recorded.isOf(migration) && recorded.isAbout(database))
                .filter(recorded -> recorded.entry().what().equals(what))
                .map(Recorded::offset)
                .reduce((one, later) -> later);
    }

    private Verification verification(String migration, DatabasePair databases, Pair pair, Way way) {
        return new Verification(
                new Verification.VerifiedPair(
                        pair.source(),
                        pair.target(),
                        pair.pair().tables(),
                        cluster.kafka(),
                        pair.names().changeTopic(),
                        migration + "/" + pair.names().database()),
                () -> MarkerMarks.open(pair.sides()),
                () -> wanted(migration),
                new StoredVerification(store, migration, databases.source(), way, clock),
                clock);
    }

    private VerificationSpec wanted(String migration) {
        return store.get(migration).map(found -> found.spec().verification()).orElse(VerificationSpec.DEFAULT);
    }

    /** The verification of a pair, if the pair is led now. */
    synchronized Optional<Verification> verification(String migration, DatabasePair pair) {
        return Optional.ofNullable(running.get(new Key(migration, pair))).map(Running::verification);
    }

    /** Somebody may have asked for something after the runner saw that there was nothing to do. */
    private synchronized void ended(String migration, AtomicBoolean ended) {
        ended.set(true);
        if (!closed && !store.isFenced()) {
            store.get(migration).ifPresent(this::lead);
        }
    }

    /** Ends what is under way, because another control plane leads now. */
    synchronized void endAll() {
        running.values().forEach(each -> each.led().end());
    }

    /** The last look at a pair; empty if it was not led since this was opened. */
    synchronized Optional<Watch> watch(String migration, DatabasePair pair) {
        return Optional.ofNullable(running.get(new Key(migration, pair))).map(Running::watch);
    }

    /** The last look at the way back of a pair; empty if the pair was not led since this was opened. */
    synchronized Optional<BackWatch> back(String migration, DatabasePair pair) {
        return Optional.ofNullable(running.get(new Key(migration, pair))).map(Running::back);
    }

    /** Forgets the looks at a migration that is gone. */
    synchronized void forget(String migration) {
        running.keySet().removeIf(key -> key.migration().equals(migration));
    }

    /** Stops leading; the data flows on. Takes a few seconds at most. */
    @Override
    public void close() {
        List<Running> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(running.values());
        }
        all.forEach(pair -> pair.led().end());
        for (Running pair : all) {
            try {
                pair.thread().join(STOP.toMillis());
                if (pair.thread().isAlive()) {
                    pair.thread().interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
