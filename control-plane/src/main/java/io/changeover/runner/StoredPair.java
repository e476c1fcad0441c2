package io.changeover.runner;

import io.changeover.cutover.Gate;
import io.changeover.cutover.Gates;
import io.changeover.lag.Slot;
import io.changeover.migration.AuditEntry.Cause;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Evidence;
import io.changeover.migration.Readiness;
import io.changeover.migration.Step;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.store.MigrationStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A pair as the store remembers it, with a {@link Watch} that looks at it. */
final class StoredPair implements Led {

    private final MigrationStore store;
    private final String migration;
    private final DatabasePair pair;
    private final Watch watch;
    private volatile List<Evidence.Gate> gates = List.of();
    private volatile List<Evidence.Gate> backGates = List.of();
    private final BackWatch back;
    private final CountDownLatch over = new CountDownLatch(1);

    StoredPair(MigrationStore store, String migration, DatabasePair pair, Watch watch, BackWatch back) {
        this.store = store;
        this.migration = migration;
        this.pair = pair;
        this.watch = watch;
        this.back = back;
    }

    /** Has the runner end soon; what is under way is given up, or finished by the next start. */
    void end() {
        over.countDown();
    }

    @Override
    public DatabaseStatus status() {
        return store.get(migration)
                .flatMap(found -> found.database(pair.source()))
                .orElseThrow();
    }

    @Override
    public CutoverSpec cutoverSpec() {
        return store.get(migration).orElseThrow().spec().cutover();
    }

    @Override
    public void change(UnaryOperator<DatabaseStatus> change) {
        store.update(migration, Cause.ITSELF, before -> before.with(pair, change));
    }

    @Override
    public Optional<String> slotLost() {
        return watch.progress().slot().filter(Slot::lost).map(slot -> "CO-2006: " + String.join("; ", slot.warnings()));
    }

    @Override
    public Readiness readiness(DatabaseState state) {
        return watch.readiness(state);
    }

    @Override
    public List<String> blockers() {
        List<Gate> now = watch.gatesNow(status(), cutoverSpec());
        gates = seen(now);
        return Gates.blockers(now);
    }

    @Override
    public List<Evidence.Gate> gates() {
        return gates;
    }

    @Override
    public boolean areArmed(List<String> databases) {
        return store.get(migration).orElseThrow().databases().stream()
                .filter(each -> databases.contains(each.pair().source()))
                .allMatch(each -> each.cutoverPlan().armed()
                        || each.cutsOver()
                        || each.done().contains(Step.CUTOVER));
    }

    @Override
    public void loadBegins() {
        watch.loadBegins();
    }

    @Override
    public void connectorsRun(boolean running) {
        watch.connectorsRun(running);
    }

    @Override
    public void problems(List<String> found) {
        watch.problems(found);
    }

    @Override
    public boolean fallbackWanted() {
        return store.get(migration).orElseThrow().spec().fallback().enabled();
    }

    @Override
    public void backBegins() {
        back.begin();
    }

    @Override
    public void backRuns(boolean running) {
        back.connectorsRun(running);
    }

    @Override
    public void backProblems(List<String> found) {
        back.problems(found);
    }

    @Override
    public List<String> backBlockers() {
        List<Gate> now = back.gatesNow(status(), cutoverSpec());
        backGates = seen(now);
        return Gates.blockers(now);
    }

    @Override
    public List<Evidence.Gate> backGates() {
        return backGates;
    }

    private static List<Evidence.Gate> seen(List<Gate> gates) {
        return gates.stream()
                .map(gate -> new Evidence.Gate(gate.name(), gate.value(), gate.threshold()))
                .toList();
    }

    @Override
    public boolean pause(Duration time) throws InterruptedException {
        return over.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isOver() {
        return over.getCount() == 0 || store.get(migration).isEmpty(); // one that was deleted has nothing to do
    }
}
