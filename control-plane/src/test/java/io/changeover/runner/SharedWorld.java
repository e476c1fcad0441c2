package io.changeover.runner;

import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Fallback;
import io.changeover.migration.Step;
import io.changeover.migration.Wish;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.TableSelection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What several control planes share: two servers, Kafka, and a store, all of flags; and what must hold of them. */
final class SharedWorld {

    static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");

    /** What must hold, whoever does what and when. */
    enum Invariant {
        NO_TWO_MASTERS,
        NO_SILENT_TRIGGERS_ON_AN_OPEN_TARGET,
        TARGET_OPENED_BY_THE_LEADER_ONLY,
        SOURCE_READ_ONLY_FOR_THE_LEADER_ONLY,
        SOURCE_LOCKED_BY_THE_LEADER_ONLY,
        NO_TABLE_EMPTIED_AFTER_THE_SUCCESSOR_LOADED_IT,
        NO_SLOT_DROPPED_THAT_THE_SUCCESSOR_MADE,
        NO_PUBLICATION_DROPPED_THAT_THE_SUCCESSOR_MADE,
        NO_LEDGER_DROPPED_THAT_THE_SUCCESSOR_MADE,
        NO_TOPIC_DELETED_THAT_THE_SUCCESSOR_MADE,
        NO_SILENT_TRIGGERS_ON_AN_OPEN_SOURCE,
        SOURCE_GUARDED_FOR_THE_LEADER_ONLY,
        TARGET_READ_ONLY_FOR_THE_LEADER_ONLY,
        TARGET_LOCKED_BY_THE_LEADER_ONLY,
        WAY_BACK_BEGINS_AT_ITS_OWN_MARKER,
        NO_SLOT_BACK_DROPPED_THAT_THE_SUCCESSOR_MADE,
        NO_PUBLICATION_BACK_DROPPED_THAT_THE_SUCCESSOR_MADE,
        NO_LEDGER_BACK_DROPPED_THAT_THE_SUCCESSOR_MADE,
        NO_TOPIC_BACK_DELETED_THAT_THE_SUCCESSOR_MADE
    }

    private final boolean fencing;
    private final List<String> story = new ArrayList<>();
    private final Map<Invariant, String> broken = new TreeMap<>();

    // the store
    DatabaseStatus stored;
    int opened;

    // the ledger's line, and sessions with a smaller epoch are gone
    int leader;
    int endedBelow;

    // the servers; who made it, 0: it is not there
    int loadedBy;
    int slotBy;
    int publicationBy;
    int ledgerBy;
    int topicsBy;
    boolean guarded;
    boolean readOnly;
    final Set<Integer> locks = new TreeSet<>();
    boolean loaded;
    boolean capture;
    boolean sink;
    boolean load;

    // the same of the way back
    int backSlotBy;
    int backPublicationBy;
    int backLedgerBy;
    int backTopicsBy;
    boolean backGuarded;
    boolean backSink;
    String backPosition = "";
    boolean targetReadOnly;
    final Set<Integer> targetLocks = new TreeSet<>();

    SharedWorld(boolean fencing) {
        this.fencing = fencing;
        this.stored = beginning();
    }

    private static DatabaseStatus beginning() {
        return DatabaseStatus.created(new DatabasePair("a", "a", TableSelection.ALL), NOW)
                .moved(DatabaseState.PREFLIGHT, NOW);
    }

    boolean fences() {
        return fencing;
    }

    /** The migration is deleted, and one of the same name is made. */
    void anotherLife() {
        stored = beginning();
        tell(0, "another migration of the same name");
    }

    void tell(int by, String what) {
        story.add((by == 0 ? "" : by + ": ") + what);
    }

    Map<Invariant, String> broken() {
        return broken;
    }

    void require(boolean holds, Invariant what) {
        if (!holds) {
            broken.putIfAbsent(what, stored.state() + ", done " + stored.done() + "\n" + String.join("\n", story));
        }
    }

    private boolean isSwitched() {
        return stored.done().contains(Step.CUTOVER);
    }

    private boolean wishes(Wish wish) {
        return stored.wish().equals(Optional.of(wish));
    }

    /** After every effect. */
    void check() {
        boolean over = stored.finished().orElse(false) || wishes(Wish.FINISH);
        require(!isSwitched() || isSwitchedBack() || over || readOnly || !locks.isEmpty(), Invariant.NO_TWO_MASTERS);
        require(!(isSwitched() && guarded), Invariant.NO_SILENT_TRIGGERS_ON_AN_OPEN_TARGET);
        boolean cuttingOver = stored.state() == DatabaseState.CUTTING_OVER;
        boolean cancelling = wishes(Wish.CANCEL) || stored.state() == DatabaseState.CANCELLED;
        boolean applying = stored.done().contains(Step.STRUCTURE) && !isSwitched() && !cancelling;
        require(!applying || cuttingOver || guarded, Invariant.TARGET_OPENED_BY_THE_LEADER_ONLY);
        require(
                !readOnly || cuttingOver || (isSwitched() && !isOpenedAgain()),
                Invariant.SOURCE_READ_ONLY_FOR_THE_LEADER_ONLY);
        checkWayBack(over);
    }

    private void checkWayBack(boolean over) {
        require(!isSwitchedBack() || over || targetReadOnly || !targetLocks.isEmpty(), Invariant.NO_TWO_MASTERS);
        require(!(isSwitchedBack() && backGuarded), Invariant.NO_SILENT_TRIGGERS_ON_AN_OPEN_SOURCE);
        require(isSwitched() || !backGuarded, Invariant.SOURCE_GUARDED_FOR_THE_LEADER_ONLY);
        require(
                !targetReadOnly || stored.state() == DatabaseState.ROLLING_BACK || isSwitchedBack(),
                Invariant.TARGET_READ_ONLY_FOR_THE_LEADER_ONLY);
        Optional<String> marker = stored.fallback().flatMap(Fallback::marker);
        require(
                backPosition.isEmpty() || marker.equals(Optional.of(backPosition)),
                Invariant.WAY_BACK_BEGINS_AT_ITS_OWN_MARKER);
    }

    private boolean isSwitchedBack() {
        return stored.fallback().flatMap(Fallback::rollback).isPresent();
    }

    private boolean isOpenedAgain() {
        return isSwitchedBack()
                && stored.fallback()
                        .filter(back -> back.phase() != Fallback.Phase.SWITCHED)
                        .isPresent();
    }

    /** When a successor has begun with something. */
    void checkLocks(int successor) {
        require(locks.stream().noneMatch(by -> by < successor), Invariant.SOURCE_LOCKED_BY_THE_LEADER_ONLY);
        require(targetLocks.stream().noneMatch(by -> by < successor), Invariant.TARGET_LOCKED_BY_THE_LEADER_ONLY);
    }
}
