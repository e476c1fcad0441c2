package io.changeover.runner;

import io.changeover.cutover.CutoverGivenUp;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.Fallback;
import io.changeover.spec.CutoverSpec;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The way back in a {@link SimulatedWorld}, of flags as well. */
final class SimulatedWayBack implements BackWork {

    private final SimulatedWorld world;

    // the servers and the cluster
    private boolean publication;
    private boolean slot;
    private boolean topic;
    private boolean ledger;
    private boolean position;
    private boolean guarded;
    private boolean targetReadOnly;
    private boolean captureRuns;
    private boolean sinkExists;

    // of the process
    private boolean locks;

    SimulatedWayBack(SimulatedWorld world) {
        this.world = world;
    }

    boolean targetIsWritable() {
        return !locks && !targetReadOnly;
    }

    boolean sourceIsGuarded() {
        return guarded;
    }

    boolean sinkRuns() {
        return sinkExists && guarded;
    }

    boolean isArmed() {
        return slot && publication && captureRuns;
    }

    boolean isGone() {
        return !publication
                && !slot
                && !topic
                && !ledger
                && !position
                && !guarded
                && !targetReadOnly
                && !captureRuns
                && !sinkExists;
    }

    void processDied() {
        locks = false;
    }

    @Override
    public boolean prepare() throws SQLException {
        world.mayFail("the preparation of the way back");
        world.effect("the old source gets a ledger", () -> ledger = true);
        world.effect("publication of the way back", () -> publication = true);
        world.effect("capture and slot of the way back", () -> {
            captureRuns = true;
            slot = true;
            topic = true;
        });
        return world.chance();
    }

    @Override
    public String marker() {
        return "m";
    }

    @Override
    public boolean start(String marker) throws SQLException {
        world.require(isArmed(), "the way back is recorded as armed, and is not");
        world.require(marker.equals("m"), "the way back begins at another marker");
        world.mayFail("the start of the way back");
        world.effect("the old source's position is set", () -> position = true);
        world.effect("the old source is guarded", () -> guarded = true);
        world.effect("the sink of the way back is started", () -> sinkExists = true);
        return world.chance();
    }

    @Override
    public boolean following() {
        return captureRuns && sinkRuns();
    }

    @Override
    public List<String> guardProblems() throws SQLException {
        world.mayFail("a look at the old source's guard");
        return List.of();
    }

    @Override
    public CutoverResult switchBack(CutoverSpec spec, Supplier<Optional<String>> withdrawn)
            throws SQLException, CutoverGivenUp {
        world.require(guarded && !targetReadOnly, "a rollback begins where another one has left off");
        world.require(position && isArmed(), "a rollback without a stream");
        world.mayFail("rollback");
        world.effect("the target is locked", () -> locks = true);
        try {
            if (world.refuses()) {
                throw new CutoverGivenUp("it takes too long");
            }
            world.mayFail("the drain back");
            world.effect("the old source's triggers are back, the sink has lost it", () -> guarded = false);
            world.mayFail("the switch back");
            world.effect("the target is read-only", () -> targetReadOnly = true);
            world.mayFail("the end of the switch back");
            if (withdrawn.get().isPresent()) {
                throw new CutoverGivenUp("aborted by " + withdrawn.get().get());
            }
        } catch (SQLException | CutoverGivenUp e) {
            undo();
            locks = false;
            throw e;
        }
        return new CutoverResult(1, "0/9", 1, 0, List.of());
    }

    @Override
    public Optional<String> settle() {
        return world.refuses() ? Optional.of("it took too long") : Optional.empty();
    }

    @Override
    public void undo() throws SQLException {
        world.require(
                world.status().fallback().flatMap(Fallback::rollback).isEmpty(),
                "a rollback that is recorded is undone");
        world.mayFail("the way back from the rollback");
        world.effect("the old source is guarded again", () -> guarded = true);
        world.mayFail("the rest of it");
        world.effect("the target is writable", () -> targetReadOnly = false);
    }

    @Override
    public void open() throws SQLException {
        world.mayFail("the opening of the old source");
        world.effect("the old source is opened", world::openSource);
        world.effect("the target's locks are let go", () -> locks = false);
        world.effect("the sink of the way back is removed", () -> sinkExists = false);
    }

    @Override
    public ComparisonResult compare() throws SQLException {
        world.mayFail("the comparison after the rollback");
        return new ComparisonResult(true, List.of(), List.of(), List.of(), 1);
    }

    /** What is gone already is not removed again. */
    @Override
    public boolean cleanUp() throws SQLException {
        world.mayFail("the clean-up of the way back");
        once(captureRuns || sinkExists, "connectors of the way back are removed", () -> {
            captureRuns = false;
            sinkExists = false;
        });
        once(slot, "the slot of the way back is dropped", () -> slot = false);
        once(publication, "the publication of the way back is dropped", () -> publication = false);
        return true;
    }

    @Override
    public boolean remove() throws SQLException {
        if (!cleanUp()) {
            return false;
        }
        once(guarded, "the old source's triggers are back", () -> guarded = false);
        once(ledger || position, "the old source's ledger is removed", () -> {
            ledger = false;
            position = false;
        });
        once(topic, "the topic of the way back is removed", () -> topic = false);
        return world.chance();
    }

    private void once(boolean isThere, String what, Runnable change) {
        if (isThere) {
            world.effect(what, change);
        }
    }

    @Override
    public void releaseTarget() {
        world.effect("the target can be written to", () -> targetReadOnly = false);
    }

    @Override
    public void letGo() {
        locks = false;
    }

    @Override
    public void close() {
        locks = false;
    }
}
