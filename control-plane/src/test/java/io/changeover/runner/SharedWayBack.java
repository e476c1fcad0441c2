package io.changeover.runner;

import io.changeover.cutover.CutoverGivenUp;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.runner.SharedWorld.Invariant;
import io.changeover.spec.CutoverSpec;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The way back as a {@link SimulatedPlane} sees to it: its sessions are admitted as those of the pair are. */
final class SharedWayBack implements BackWork {

    private final SimulatedPlane plane;
    private final SharedWorld world;
    private final int epoch;
    private boolean isPrepared;
    private String marker = "";
    private int markers;

    SharedWayBack(SimulatedPlane plane, SharedWorld world, int epoch) {
        this.plane = plane;
        this.world = world;
        this.epoch = epoch;
    }

    @Override
    public boolean prepare() throws SQLException {
        plane.onServer("ledger of the way back", () -> world.backLedgerBy = Math.max(world.backLedgerBy, epoch));
        plane.onServer(
                "publication of the way back",
                () -> world.backPublicationBy = Math.max(world.backPublicationBy, epoch));
        plane.inKafka("the capture of the way back is started", () -> {
            world.backTopicsBy = Math.max(world.backTopicsBy, epoch);
            world.backSlotBy = Math.max(world.backSlotBy, epoch);
        });
        isPrepared = true;
        return true;
    }

    /** Commits with the opening of the target. */
    void arm() {
        if (isPrepared) {
            markers++;
            marker = epoch + "." + markers;
        }
    }

    @Override
    public String marker() {
        return marker;
    }

    @Override
    public boolean start(String from) throws SQLException {
        plane.onServer("the position of the way back is set", () -> {
            if (world.backPosition.isEmpty()) {
                world.backPosition = from;
            }
        });
        plane.onServer("the old source is guarded", () -> world.backGuarded = true);
        plane.inKafka("the sink of the way back is started", () -> world.backSink = true);
        return true;
    }

    @Override
    public boolean following() {
        return true;
    }

    @Override
    public List<String> guardProblems() throws SQLException {
        plane.onServer("the old source is guarded again", () -> world.backGuarded = true);
        return List.of();
    }

    @Override
    public CutoverResult switchBack(CutoverSpec spec, Supplier<Optional<String>> withdrawn)
            throws SQLException, CutoverGivenUp {
        if (world.targetLocks.stream().anyMatch(by -> by != epoch)) {
            throw new CutoverGivenUp("The target could not be fenced");
        }
        plane.onServer("the target is locked", () -> world.targetLocks.add(epoch));
        try {
            plane.onServer("the old source's triggers are back", () -> world.backGuarded = false);
            plane.onServer("the target is read-only", () -> world.targetReadOnly = true);
        } catch (SQLException e) {
            undo();
            throw e;
        }
        return new CutoverResult(1, "0/9", 1, 0, List.of());
    }

    @Override
    public Optional<String> settle() {
        return Optional.empty();
    }

    @Override
    public void undo() throws SQLException {
        try {
            plane.onServer("the old source is guarded once more", () -> world.backGuarded = true);
            plane.onServer("the target is writable", () -> world.targetReadOnly = false);
        } finally {
            letGo();
        }
    }

    @Override
    public void open() throws SQLException {
        plane.onServer("the old source is opened", () -> world.readOnly = false);
        letGo();
        plane.inKafka("the sink of the way back is removed", () -> world.backSink = false);
    }

    @Override
    public ComparisonResult compare() {
        return new ComparisonResult(true, List.of(), List.of(), List.of(), 1);
    }

    @Override
    public boolean cleanUp() throws SQLException {
        plane.inKafka("connectors of the way back are removed", () -> world.backSink = false);
        plane.onServer("the slot of the way back is dropped", () -> {
            world.require(world.backSlotBy <= epoch, Invariant.NO_SLOT_BACK_DROPPED_THAT_THE_SUCCESSOR_MADE);
            world.backSlotBy = 0;
        });
        plane.onServer("the publication of the way back is dropped", () -> {
            world.require(
                    world.backPublicationBy <= epoch, Invariant.NO_PUBLICATION_BACK_DROPPED_THAT_THE_SUCCESSOR_MADE);
            world.backPublicationBy = 0;
        });
        return true;
    }

    @Override
    public boolean remove() throws SQLException {
        isPrepared = false;
        cleanUp();
        plane.onServer("the old source is as it was", () -> world.backGuarded = false);
        plane.onServer("the ledger of the way back is removed", () -> {
            world.require(world.backLedgerBy <= epoch, Invariant.NO_LEDGER_BACK_DROPPED_THAT_THE_SUCCESSOR_MADE);
            world.backLedgerBy = 0;
            world.backPosition = "";
        });
        int found = world.backTopicsBy;
        plane.inKafka("the topic of the way back is removed", () -> {
            if (!world.fences() || found == world.backTopicsBy) {
                world.require(world.backTopicsBy <= epoch, Invariant.NO_TOPIC_BACK_DELETED_THAT_THE_SUCCESSOR_MADE);
                world.backTopicsBy = 0;
            }
        });
        return true;
    }

    @Override
    public void releaseTarget() throws SQLException {
        plane.onServer("the target can be written to", () -> world.targetReadOnly = false);
    }

    @Override
    public void letGo() {
        world.targetLocks.remove(epoch);
    }

    @Override
    public void close() {
        letGo();
    }
}
