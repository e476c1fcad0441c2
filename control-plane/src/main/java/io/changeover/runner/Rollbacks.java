package io.changeover.runner;

import io.changeover.cutover.Gate;
import io.changeover.cutover.Gates;
import io.changeover.lag.Progress;
import io.changeover.migration.AuditEntry;
import io.changeover.migration.ConnectorLook;
import io.changeover.migration.DatabaseStatus;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.store.MigrationStore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The ways back of pairs, whose source is the migration's target, and what persons ask of them. Thread-safe. */
public final class Rollbacks {

    private final MigrationStore store;
    private final Runners runners;
    private final Clock clock;

    Rollbacks(MigrationStore store, Runners runners, Clock clock) {
        this.store = store;
        this.runners = runners;
        this.clock = clock;
    }

    /** The last look at the way back of a pair. */
    public Progress progress(String migration, DatabasePair pair) {
        return runners.back(migration, pair).map(BackWatch::progress).orElseGet(() -> Progress.none(clock.instant()));
    }

    /** How the connectors of the way back were a moment ago; empty if Connect did not say. */
    public Optional<List<ConnectorLook>> connectors(String migration, DatabasePair pair) {
        return runners.back(migration, pair).map(BackWatch::connectors).orElse(Optional.of(List.of()));
    }

    /** What has to hold for the rollback of a pair, looked at now. */
    public List<Gate> gates(String migration, DatabaseStatus status) {
        return runners.back(migration, status.pair())
                .map(watch -> watch.gatesNow(status, spec(migration)))
                .orElseGet(() -> BackWatch.nothingSeen(status));
    }

    /** Why the rollback of a pair cannot begin, as it was a moment ago; empty if it can. */
    public List<String> blockers(String migration, DatabaseStatus status) {
        Optional<String> refusal = status.rollbackRefusal();
        return refusal.isPresent()
                ? List.of(refusal.get())
                : Gates.blockers(runners.back(migration, status.pair())
                        .map(watch -> watch.gates(status, spec(migration)))
                        .orElseGet(() -> BackWatch.nothingSeen(status)));
    }

    /**
     * Asks for the rollback of a pair: the cutover back to the old source.
     *
     * @param who for the audit
     * @return why it cannot begin now; empty if it begins
     */
    public List<String> request(String who, String migration, DatabasePair pair) {
        DatabaseStatus status = store.get(migration)
                .flatMap(found -> found.database(pair.source()))
                .orElseThrow();
        Optional<String> refusal = status.rollbackRefusal();
        List<String> blockers = refusal.isPresent() ? List.of(refusal.get()) : Gates.blockers(gates(migration, status));
        if (blockers.isEmpty()) {
            store.update(
                    migration,
                    new AuditEntry.Cause(who, "rollback"),
                    before -> before.with(
                            pair, now -> now.rollbackRefusal().isPresent() ? now : now.withRollbackRequested()));
        }
        return blockers;
    }

    private CutoverSpec spec(String migration) {
        return store.get(migration).orElseThrow().spec().cutover();
    }
}
