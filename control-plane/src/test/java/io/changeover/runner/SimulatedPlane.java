package io.changeover.runner;

import static io.changeover.runner.SharedWorld.NOW;

import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.LargeObjects;
import io.changeover.leader.Superseded;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Evidence;
import io.changeover.migration.NotLeading;
import io.changeover.migration.Readiness;
import io.changeover.migration.Rehearsal;
import io.changeover.migration.Side;
import io.changeover.migration.Step;
import io.changeover.migration.Wish;
import io.changeover.postgres.TableName;
import io.changeover.runner.SharedWorld.Invariant;
import io.changeover.spec.CutoverMode;
import io.changeover.spec.CutoverSpec;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.postgresql.replication.LogSequenceNumber;

/** A control plane in a {@link SharedWorld}, which can be stopped before and after everything that it does. */
final class SimulatedPlane implements Work, Led {

    private static final int PATIENCE = 600;

    private final SharedWorld world;
    private final int epoch;
    private final Halt halt;
    private final Persons persons;
    private final SharedWayBack back;
    private DatabaseStatus known;
    private int pauses;
    private boolean over;

    SimulatedPlane(SharedWorld world, int epoch, Halt halt, Persons persons) {
        this.world = world;
        this.epoch = epoch;
        this.halt = halt;
        this.persons = persons;
        this.back = new SharedWayBack(this, world, epoch);
        world.opened = epoch;
        this.known = world.stored;
    }

    /** What is done to a server. */
    void onServer(String what, Runnable change) throws SQLException {
        point("before a session for: " + what);
        if (world.fences()) {
            admit();
        }
        point("before: " + what);
        if (world.fences() && epoch < world.endedBelow) {
            throw new SQLException("terminating connection due to administrator command", "57P01");
        }
        change.run();
        done(what);
    }

    private void admit() throws SQLException {
        if (world.ledgerBy == 0 ? world.opened > epoch : world.leader > epoch) {
            throw Superseded.inTheStore(new SQLException(world.leader + " leads"));
        }
        if (world.leader < epoch) {
            takeOver();
        }
    }

    /** What is done in Kafka or Kafka Connect: it is asked for first, and can come late all the same. */
    void inKafka(String what, Runnable change) throws SQLException {
        point("before the question for: " + what);
        if (world.fences()) {
            admit();
        }
        point("before: " + what);
        change.run();
        done(what);
    }

    private void done(String what) {
        world.tell(epoch, what);
        world.check();
        point("after: " + what);
    }

    private void point(String where) {
        if (halt.isHere()) {
            world.tell(epoch, "stops " + where);
            halt.stop();
            world.tell(epoch, "wakes up");
        }
        if (halt.count() > PATIENCE) {
            over = true;
        }
    }

    @Override
    public void takeOver() throws SQLException {
        point("before it takes over");
        if (!world.fences()) {
            world.checkLocks(epoch);
            return;
        }
        if (world.ledgerBy == 0 ? world.opened > epoch : world.leader > epoch) {
            throw Superseded.inTheStore(new SQLException(world.leader + " leads"));
        }
        if (world.ledgerBy > 0) {
            world.leader = epoch;
        }
        point("after it is in the ledger");
        if (epoch >= world.endedBelow) {
            world.endedBelow = epoch;
            world.locks.removeIf(by -> by < epoch);
            world.targetLocks.removeIf(by -> by < epoch);
            world.tell(epoch, "has taken over");
            world.checkLocks(epoch);
        }
    }

    @Override
    public void abandon(Set<Side> servers) {}

    @Override
    public List<String> leftovers() {
        return List.of();
    }

    @Override
    public Evidence.Preflight preflight() {
        return new Evidence.Preflight(Instant.EPOCH, List.of());
    }

    @Override
    public void structure() throws SQLException {
        onServer("ledger", () -> world.ledgerBy = Math.max(world.ledgerBy, epoch));
        if (world.fences()) {
            takeOver();
        }
        onServer("the guard is raised", () -> world.guarded = true);
    }

    @Override
    public void publication() throws SQLException {
        onServer("publication", () -> world.publicationBy = Math.max(world.publicationBy, epoch));
    }

    @Override
    public boolean capture() throws SQLException {
        if (!world.capture || world.slotBy == 0) {
            inKafka("the capture is started", () -> {
                world.capture = true;
                world.topicsBy = Math.max(world.topicsBy, epoch);
                world.slotBy = Math.max(world.slotBy, epoch);
            });
        }
        return true;
    }

    @Override
    public Optional<LogSequenceNumber> load() throws SQLException {
        if (!world.loaded) {
            inKafka("the load is started, and ends", () -> {
                world.load = true;
                world.loaded = true;
                world.loadedBy = epoch;
            });
        }
        inKafka("the load is stopped", () -> world.load = false);
        return Optional.of(LogSequenceNumber.valueOf(7));
    }

    @Override
    public void indexes() {}

    @Override
    public boolean applied(LogSequenceNumber upTo) throws SQLException {
        if (!world.sink) {
            inKafka("the sink is started", () -> world.sink = true);
        }
        return true;
    }

    @Override
    public void foreignKeys() {}

    @Override
    public LargeObjects.Pass largeObjects() {
        return new LargeObjects.Pass(0, 0, 0, true);
    }

    @Override
    public void statistics() {}

    @Override
    public boolean capturing() {
        return true;
    }

    @Override
    public boolean following() {
        return true;
    }

    @Override
    public List<String> guardProblems() throws SQLException {
        onServer("the guard is raised again", () -> world.guarded = true);
        return List.of();
    }

    @Override
    public void reload(TableName table) throws SQLException {
        onServer("a table is emptied", () -> {
            world.require(
                    world.loadedBy <= epoch && !world.stored.done().contains(Step.CUTOVER),
                    Invariant.NO_TABLE_EMPTIED_AFTER_THE_SUCCESSOR_LOADED_IT);
            world.loaded = false;
            world.loadedBy = 0;
        });
    }

    @Override
    public CutoverResult cutOver(
            CutoverSpec spec, Supplier<Optional<String>> withdrawn, Supplier<Optional<String>> late)
            throws SQLException, CutoverGivenUp {
        point("before the cutover");
        if (world.locks.stream().anyMatch(by -> by != epoch)) {
            throw new CutoverGivenUp("The source could not be fenced");
        }
        onServer("the source is locked", () -> world.locks.add(epoch));
        try {
            onServer("the target is opened", () -> {
                world.guarded = false;
                back.arm();
            });
            onServer("the source is read-only", () -> world.readOnly = true);
        } catch (SQLException e) {
            try {
                rollBack();
            } finally {
                world.locks.remove(epoch);
            }
            throw e;
        }
        return new CutoverResult(1, "0/7", 1, 0, List.of());
    }

    @Override
    public Optional<String> settle() {
        return Optional.empty();
    }

    @Override
    public void undo() throws SQLException {
        try {
            rollBack();
        } finally {
            world.locks.remove(epoch);
        }
    }

    @Override
    public Rehearsal rehearse(CutoverSpec spec, int runs) throws CutoverGivenUp {
        throw new CutoverGivenUp("nobody asks for a rehearsal here");
    }

    @Override
    public void recorded() throws SQLException {
        letGo();
        inKafka("the sink is removed", () -> world.sink = false);
    }

    @Override
    public void rollBack() throws SQLException {
        onServer("the guard is back", () -> world.guarded = true);
        onServer("the source is writable", () -> world.readOnly = false);
    }

    @Override
    public ComparisonResult compare() {
        return new ComparisonResult(true, List.of(), List.of(), List.of(), 1);
    }

    @Override
    public Evidence.Ledger evidence() {
        return new Evidence.Ledger(
                Instant.EPOCH, "14.1", "17.1", "replica", List.of(), List.of(), List.of(), Optional.empty());
    }

    @Override
    public boolean cleanUp() throws SQLException {
        inKafka("connectors are removed", () -> {
            world.capture = false;
            world.sink = false;
            world.load = false;
        });
        onServer("the slot is dropped", () -> {
            world.require(world.slotBy <= epoch, Invariant.NO_SLOT_DROPPED_THAT_THE_SUCCESSOR_MADE);
            world.slotBy = 0;
        });
        onServer("the publication is dropped", () -> {
            world.require(world.publicationBy <= epoch, Invariant.NO_PUBLICATION_DROPPED_THAT_THE_SUCCESSOR_MADE);
            world.publicationBy = 0;
        });
        return true;
    }

    @Override
    public boolean halt(boolean captureToo) {
        return true;
    }

    @Override
    public void resume() {}

    @Override
    public boolean cancel() throws SQLException {
        cleanUp();
        onServer("the target is as it was", () -> world.guarded = false);
        return forget();
    }

    @Override
    public boolean finish() throws SQLException {
        onServer("the source can be written to", () -> world.readOnly = false);
        return forget();
    }

    /** Topics are deleted by their identity, which is looked up first. */
    private boolean forget() throws SQLException {
        onServer("the ledger is removed", () -> {
            world.require(world.ledgerBy <= epoch, Invariant.NO_LEDGER_DROPPED_THAT_THE_SUCCESSOR_MADE);
            world.ledgerBy = 0;
            world.leader = 0;
            world.loaded = false;
            world.loadedBy = 0;
        });
        int found = world.topicsBy;
        inKafka("the topics are removed", () -> {
            if (!world.fences() || found == world.topicsBy) {
                world.require(world.topicsBy <= epoch, Invariant.NO_TOPIC_DELETED_THAT_THE_SUCCESSOR_MADE);
                world.topicsBy = 0;
            }
        });
        return true;
    }

    @Override
    public BackWork back() {
        return back;
    }

    @Override
    public void hold() {}

    @Override
    public void letGo() {
        world.locks.remove(epoch);
    }

    @Override
    public void close() {
        letGo();
        back.close();
    }

    @Override
    public DatabaseStatus status() {
        return known;
    }

    @Override
    public List<String> blockers() {
        return List.of();
    }

    @Override
    public List<Evidence.Gate> gates() {
        return List.of();
    }

    @Override
    public boolean areArmed(List<String> databases) {
        return true;
    }

    @Override
    public CutoverSpec cutoverSpec() {
        return new CutoverSpec(CutoverMode.MANUAL, Duration.ofSeconds(1));
    }

    @Override
    public void change(UnaryOperator<DatabaseStatus> change) {
        DatabaseStatus after = change.apply(known);
        point("before it is recorded: " + after.state());
        if (world.opened > epoch) {
            throw new NotLeading(new IllegalStateException(world.opened + " has the store"));
        }
        if (after.state() != known.state()) {
            world.tell(epoch, "is " + after.state());
        }
        known = after;
        world.stored = after;
        world.check();
        point("after it is recorded: " + after.state());
    }

    @Override
    public Optional<String> slotLost() {
        return Optional.empty();
    }

    @Override
    public Readiness readiness(DatabaseState state) {
        return new Readiness(state, true, Optional.of(Duration.ZERO), List.of());
    }

    @Override
    public void loadBegins() {}

    @Override
    public void connectorsRun(boolean running) {}

    @Override
    public void problems(List<String> found) {}

    @Override
    public boolean fallbackWanted() {
        return persons.wantWayBack();
    }

    @Override
    public void backBegins() {}

    @Override
    public void backRuns(boolean running) {}

    @Override
    public void backProblems(List<String> found) {}

    @Override
    public List<Evidence.Gate> backGates() {
        return List.of();
    }

    @Override
    public List<String> backBlockers() {
        return List.of();
    }

    @Override
    public boolean pause(Duration time) {
        over |= ++pauses > PATIENCE;
        return isOver();
    }

    /** A control plane that was stopped has not heard of its successor, and goes on. */
    @Override
    public boolean isOver() {
        persons();
        return over || halt.count() > PATIENCE;
    }

    private void persons() {
        if (world.opened == epoch) {
            persons.next(known).ifPresent(wanted -> {
                known = wanted.apply(known);
                world.stored = known;
            });
        }
    }

    /** Whether there is more to do, as its persons want it. */
    boolean goesOn() {
        if (world.opened != epoch || over || halt.count() > PATIENCE) {
            return false;
        }
        boolean completed = known.state() == DatabaseState.COMPLETED || known.state() == DatabaseState.ROLLED_BACK;
        if (completed
                && known.atRest()
                && !known.finished().orElse(false)
                && known.wish().isEmpty()) {
            known = known.wishing(Wish.FINISH);
            world.stored = known;
        } else if (known.atRest() && known.state() == DatabaseState.FAILED) {
            DatabaseStatus failed = known;
            known = failed.moved(failed.goesOnAs(), NOW);
            world.stored = known;
        } else if (known.atRest() && persons.wantAnotherLife()) {
            world.anotherLife();
            known = world.stored;
        }
        return !known.atRest();
    }
}
