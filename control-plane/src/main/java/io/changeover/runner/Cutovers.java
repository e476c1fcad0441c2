package io.changeover.runner;

import io.changeover.cutover.Gate;
import io.changeover.cutover.Gates;
import io.changeover.migration.AuditEntry;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.migration.Readiness;
import io.changeover.migration.Step;
import io.changeover.spec.CutoverMode;
import io.changeover.spec.CutoverSpec;
import io.changeover.store.MigrationStore;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What persons ask for and arrange of cutovers. Equal requests have one effect. Safe for several threads. */
public final class Cutovers {

    private final MigrationStore store;
    private final Runners runners;
    private final Clock clock;

    Cutovers(MigrationStore store, Runners runners, Clock clock) {
        this.store = store;
        this.runners = runners;
        this.clock = clock;
    }

    /**
     * When a cutover is to begin.
     *
     * @param at not before that; empty for at once
     * @param until not after that; empty for as late as it takes
     */
    public record Time(Optional<Instant> at, Optional<Instant> until) {

        /** As soon as it can. */
        public static final Time NOW = new Time(Optional.empty(), Optional.empty());
    }

    /** What has to hold for the cutover of a pair, looked at now. */
    public List<Gate> gates(String migration, DatabaseStatus status) {
        CutoverSpec spec = store.get(migration).orElseThrow().spec().cutover();
        return runners.watch(migration, status.pair())
                .map(watch -> watch.gatesNow(status, spec))
                .orElseGet(() -> List.of(new Gate(
                        "state",
                        false,
                        status.state().name(),
                        DatabaseState.READY_TO_CUTOVER.name(),
                        new Readiness(status.state(), false, Optional.empty(), List.of())
                                .blockers()
                                .get(0))));
    }

    /**
     * Asks for the cutover of a pair, or of all pairs of a migration, which then begin together.
     *
     * @param who for the audit
     * @param source the pair's source database; empty for all of them
     * @return why it cannot begin now, by source database; empty if it begins, or is arranged for later
     */
    public Map<String, List<String>> request(String who, String migration, Optional<String> source, Time time) {
        List<DatabaseStatus> pairs = pairs(migration, source);
        Map<String, List<String>> blockers = new LinkedHashMap<>();
        for (DatabaseStatus status : pairs) {
            if (status.done().contains(Step.CUTOVER)) {
                blockers.put(
                        status.pair().source(),
                        List.of("the state is " + status.state() + ", not " + DatabaseState.READY_TO_CUTOVER));
            } else if (time.at().isEmpty() && !isAskedAgain(status)) {
                List<String> found = Gates.blockers(gates(migration, status));
                if (!found.isEmpty()) {
                    blockers.put(status.pair().source(), found);
                }
            }
        }
        if (blockers.isEmpty()) {
            List<String> together = pairs.size() == 1
                    ? List.of()
                    : pairs.stream().map(each -> each.pair().source()).toList();
            change(
                    who,
                    migration,
                    "cutover",
                    pairs,
                    status -> status.withCutoverRequested(time.at(), time.until(), together));
        }
        return blockers;
    }

    /** It has begun, or will: what may be in the way now is its own. */
    private static boolean isAskedAgain(DatabaseStatus status) {
        return status.cutsOver() || (status.cutoverRequested() && status.state() == DatabaseState.READY_TO_CUTOVER);
    }

    /**
     * Has a cutover given up that has begun, or withdrawn one that has not; of a migration, those of all pairs that
     * have one.
     *
     * @return why there is none to abort, by source database; if there is one, the reasons of others do not matter
     */
    public Map<String, String> abort(String who, String migration, Optional<String> source) {
        Map<String, String> refusals = new LinkedHashMap<>();
        store.update(migration, new AuditEntry.Cause(who, "abort"), before -> {
            refusals.clear();
            boolean byItself = before.spec().cutover().mode() == CutoverMode.AUTO;
            Migration after = before;
            for (DatabaseStatus status : before.databases()) {
                String database = status.pair().source();
                if (source.isEmpty() || source.get().equals(database)) {
                    Optional<String> refusal = status.abortRefusal(byItself);
                    refusal.ifPresent(why -> refusals.put(database, why));
                    after = refusal.isPresent() ? after : after.with(status.pair(), found -> found.aborted(who));
                }
            }
            return after;
        });
        return refusals;
    }

    /**
     * Has the cutover of a pair rehearsed.
     *
     * @param runs how many times
     * @return why it cannot be now; empty if it will be, even if this process dies
     */
    public List<String> rehearse(String who, String migration, String source, int runs) {
        List<DatabaseStatus> pairs = pairs(migration, Optional.of(source));
        DatabaseStatus status = pairs.get(0);
        if (status.state() != DatabaseState.READY_TO_CUTOVER || status.cutsOver()) {
            return List.of("the state is " + status.state() + ", not " + DatabaseState.READY_TO_CUTOVER);
        }
        change(
                who,
                migration,
                "rehearse",
                pairs,
                before -> before.cutsOver()
                        ? before
                        : before.withPlan(before.cutoverPlan().rehearsing(runs)));
        return List.of();
    }

    private List<DatabaseStatus> pairs(String migration, Optional<String> source) {
        return store.get(migration).orElseThrow().databases().stream()
                .filter(each ->
                        source.isEmpty() || source.get().equals(each.pair().source()))
                .toList();
    }

    private void change(
            String who,
            String migration,
            String what,
            List<DatabaseStatus> pairs,
            UnaryOperator<DatabaseStatus> change) {
        store.update(migration, new AuditEntry.Cause(who, what), before -> {
            Migration after = before;
            for (DatabaseStatus status : pairs) {
                after = after.with(status.pair(), change);
            }
            return after;
        });
    }

    /** Now. */
    public Instant now() {
        return clock.instant();
    }
}
