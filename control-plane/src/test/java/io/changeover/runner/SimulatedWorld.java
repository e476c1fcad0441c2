package io.changeover.runner;

import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.LargeObjects;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Evidence;
import io.changeover.migration.Fallback;
import io.changeover.migration.Readiness;
import io.changeover.migration.Rehearsal;
import io.changeover.migration.Side;
import io.changeover.migration.Step;
import io.changeover.migration.Wish;
import io.changeover.postgres.TableName;
import io.changeover.spec.CutoverMode;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.TableSelection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.postgresql.replication.LogSequenceNumber;

/** Two servers, a Connect cluster, a store, and persons who want things, all of flags. */
final class SimulatedWorld implements Work, Led {

    /** The process is gone; what is in the store and on the servers stays. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");
    private static final TableName TABLE = new TableName("s", "t");
    private static final int PATIENCE = 4000;

    private final Random random;
    private final int killAt;
    private final boolean quiet;
    private final boolean fallback;
    private final SimulatedWayBack back = new SimulatedWayBack(this);
    private final long seed;
    private final List<String> story = new ArrayList<>();
    private final Set<Wish> granted = EnumSet.noneOf(Wish.class);
    private int effects;
    private int kills;
    private int events;
    private boolean over;

    // the store
    private DatabaseStatus status = DatabaseStatus.created(new DatabasePair("a", "a", TableSelection.ALL), NOW)
            .moved(DatabaseState.PREFLIGHT, NOW);

    // the servers
    private boolean structure;
    private boolean publication;
    private boolean slot;
    private boolean ledger;
    private boolean topics;
    private boolean guarded;
    private boolean loaded;
    private boolean readOnly;
    private boolean slotIsLost;

    // sessions of the process
    private boolean locks;

    // the cluster: there, and running
    private boolean captureExists;
    private boolean sinkExists;
    private boolean loadExists;
    private boolean captureRuns;
    private boolean sinkRuns;
    private boolean loadRuns;

    SimulatedWorld(long seed) {
        this(seed, 0, false, seed % 2 == 0);
    }

    private SimulatedWorld(long seed, int killAt, boolean quiet, boolean fallback) {
        this.fallback = fallback;
        this.seed = seed;
        this.random = new Random(seed);
        this.killAt = killAt;
        this.quiet = quiet;
    }

    /** One in which nothing goes wrong, but for one kill, and everybody only wants a cutover. */
    static SimulatedWorld killedAt(int effect) {
        return new SimulatedWorld(effect, effect, true, false);
    }

    /** The same, and behind the cutover everybody wants the way back. */
    static SimulatedWorld killedOnTheWayBackAt(int effect) {
        return new SimulatedWorld(effect, effect, true, true);
    }

    int kills() {
        return kills;
    }

    Set<Wish> granted() {
        return granted;
    }

    String story() {
        return "seed " + seed + ":\n" + String.join("\n", story);
    }

    // --- what must hold
    // -------------------------------------------------------------------------------------------------

    private boolean isSwitched() {
        return status.done().contains(Step.CUTOVER);
    }

    private boolean sourceIsWritable() {
        return !locks && !readOnly;
    }

    /** At every moment. */
    void check() {
        boolean over = status.finished().orElse(false) || finishing();
        require(
                !isSwitched() || isSwitchedBack() || over || !sourceIsWritable(),
                "two masters: the target is recorded as the one to write to, and the source can be written to");
        require(
                !isSwitchedBack() || over || !back.targetIsWritable(),
                "two masters: the source is recorded as the one to write to, and the target can be written to");
        require(
                !(isSwitchedBack() && back.sourceIsGuarded()),
                "the source is the one to write to, and its triggers are silent");
        require(!(sourceIsWritable() && back.sinkRuns()) || over, "the way back is applied to a source that is open");
        require(!(back.sinkRuns() && sinkRuns), "both streams are applied: changes go round");
        require(!(isSwitched() && guarded), "the target is the one to write to, and its triggers are silent");
        require(
                !(sourceIsWritable()
                        && sinkRuns
                        && !guarded
                        && ledger
                        && status.done().contains(Step.STRUCTURE)),
                "the sink applies under triggers that fire");
        if (status.wish().isEmpty()) { // or it is about to change
            require(
                    status.state() != DatabaseState.PAUSED || (!sinkRuns && !loadRuns),
                    "paused, and the target is written");
            require(
                    status.state() != DatabaseState.STOPPED || (!sinkRuns && !loadRuns && !captureRuns),
                    "stopped, and something runs");
        }
        if (status.state() == DatabaseState.CANCELLED || status.finished().orElse(false)) {
            require(
                    !slot
                            && !publication
                            && !ledger
                            && !topics
                            && !guarded
                            && !readOnly
                            && !captureExists
                            && !sinkExists
                            && !loadExists
                            && back.isGone(),
                    "something is left of what was made");
        }
        require(!status.done().contains(Step.CLEAN_UP) || (!slot && !publication && !captureExists), "not cleaned up");
    }

    private boolean isSwitchedBack() {
        return status.fallback().flatMap(Fallback::rollback).isPresent();
    }

    private boolean finishing() {
        return status.wish().equals(Optional.of(Wish.FINISH));
    }

    /** When nobody wants anything any more. */
    void checkEnd() {
        boolean targetIsTheOne = isSwitched() && !isSwitchedBack();
        require(targetIsTheOne || sourceIsWritable(), "the source is left fenced in " + status.state());
        require(!targetIsTheOne || back.targetIsWritable(), "the target is left fenced in " + status.state());
        require(status.wish().isEmpty(), "what was promised is not done: " + status.wish());
    }

    void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what + " (" + status.state() + ", done " + status.done() + ")\n" + story());
        }
    }

    private void inOrder(Step step) {
        for (Step earlier : Step.values()) {
            if (earlier.compareTo(step) < 0) {
                require(status.done().contains(earlier), step + " before " + earlier + " is recorded");
            }
        }
    }

    // --- kills and failures
    // ---------------------------------------------------------------------------------------------

    private void mayDie(String where) {
        effects++;
        if (quiet ? effects == killAt : random.nextInt(25) == 0) {
            story.add("killed " + where);
            throw new Killed();
        }
        if (effects > PATIENCE) {
            throw new AssertionError("It does not come to an end\n" + story());
        }
    }

    void processDied() {
        kills++;
        locks = false;
        back.processDied();
    }

    void effect(String what, Runnable change) {
        mayDie("before " + what);
        story.add(what);
        change.run();
        check();
        mayDie("after " + what);
    }

    boolean chance() {
        return quiet || random.nextBoolean();
    }

    boolean refuses() {
        return !quiet && random.nextInt(4) == 0;
    }

    void openSource() {
        readOnly = false;
    }

    void mayFail(String what) throws SQLException {
        if (!quiet && random.nextInt(12) == 0) {
            story.add(what + " fails for now");
            throw new SQLException("the server is away", "08006");
        }
        if (!quiet && random.nextInt(60) == 0) {
            story.add(what + " fails");
            throw new SQLException("it is not allowed", "42501");
        }
    }

    // --- the work
    // -------------------------------------------------------------------------------------------------------

    @Override
    public void abandon(Set<Side> servers) {}

    @Override
    public List<String> leftovers() {
        return List.of();
    }

    @Override
    public void takeOver() {}

    @Override
    public Evidence.Preflight preflight() throws StepFailed {
        inOrder(Step.PREFLIGHT);
        if (!quiet && random.nextInt(20) == 0) {
            story.add("the preflight refuses");
            throw new StepFailed("the preflight refuses");
        }
        return new Evidence.Preflight(Instant.EPOCH, List.of());
    }

    @Override
    public void structure() throws SQLException {
        inOrder(Step.STRUCTURE);
        mayFail("structure");
        effect("tables are made", () -> structure = true);
        effect("the guard is raised", () -> {
            ledger = true;
            guarded = true;
        });
    }

    @Override
    public void publication() throws SQLException {
        inOrder(Step.PUBLICATION);
        mayFail("publication");
        effect("publication", () -> publication = true);
    }

    @Override
    public boolean capture() throws SQLException {
        inOrder(Step.CAPTURE);
        mayFail("capture");
        require(publication, "a capture without a publication");
        effect("the capture is started", () -> {
            captureExists = true;
            captureRuns = true;
            topics = true;
        });
        effect("slot", () -> slot = true);
        return random.nextBoolean();
    }

    @Override
    public Optional<LogSequenceNumber> load() throws SQLException {
        inOrder(Step.LOAD);
        mayFail("load");
        require(slot && structure, "a load without a slot or tables");
        if (!loaded) {
            effect("the load is started", () -> {
                loadExists = true;
                loadRuns = true;
            });
            loaded = random.nextInt(3) == 0;
            return Optional.empty();
        }
        effect("the load is stopped", () -> loadRuns = false);
        return Optional.of(LogSequenceNumber.valueOf(7));
    }

    @Override
    public void indexes() throws SQLException {
        inOrder(Step.INDEXES);
        mayFail("indexes");
        require(loaded, "indexes before the rows are there");
    }

    @Override
    public boolean applied(LogSequenceNumber upTo) throws SQLException {
        inOrder(Step.APPLY);
        mayFail("apply");
        startSink();
        return random.nextBoolean();
    }

    private void startSink() {
        effect("the sink is started", () -> {
            sinkExists = true;
            sinkRuns = guarded; // it finds an open target, and stops
        });
    }

    @Override
    public void foreignKeys() throws SQLException {
        inOrder(Step.FOREIGN_KEYS);
        mayFail("foreign keys");
    }

    @Override
    public LargeObjects.Pass largeObjects() throws SQLException {
        inOrder(Step.LARGE_OBJECTS);
        mayFail("large objects");
        return new LargeObjects.Pass(1, 1, 0, random.nextBoolean());
    }

    @Override
    public void statistics() throws SQLException {
        inOrder(Step.STATISTICS);
        mayFail("statistics");
    }

    @Override
    public boolean capturing() {
        captureRuns |= captureExists;
        return captureRuns;
    }

    @Override
    public boolean following() {
        captureRuns |= captureExists;
        sinkRuns |= sinkExists && guarded;
        return captureRuns && sinkRuns;
    }

    @Override
    public List<String> guardProblems() throws SQLException {
        mayFail("a look at the guard");
        effect("the guard is raised again", () -> guarded = true);
        return List.of();
    }

    @Override
    public void reload(TableName table) throws SQLException {
        mayFail("reload");
        effect("a table is emptied", () -> loaded = false);
    }

    @Override
    public CutoverResult cutOver(
            CutoverSpec spec, Supplier<Optional<String>> withdrawn, Supplier<Optional<String>> late)
            throws SQLException, CutoverGivenUp {
        inOrder(Step.CUTOVER);
        require(guarded && !readOnly, "a cutover begins where another one has left off");
        mayFail("cutover");
        effect("the source is locked", () -> locks = true);
        try {
            if (!quiet && random.nextInt(4) == 0) {
                throw new CutoverGivenUp("it takes too long");
            }
            mayFail("the drain");
            effect("the target is opened, the sink has lost it", () -> {
                guarded = false;
                sinkRuns = false;
            });
            mayFail("the switch");
            effect("the source is read-only", () -> readOnly = true);
            mayFail("the end of the switch");
            if (withdrawn.get().isPresent()) {
                throw new CutoverGivenUp("aborted by " + withdrawn.get().get());
            }
        } catch (SQLException | CutoverGivenUp e) {
            locks = false;
            rollBack();
            throw e;
        }
        return new CutoverResult(1, "0/7", 1, 0, List.of());
    }

    @Override
    public Optional<String> settle() {
        return !quiet && random.nextInt(6) == 0 ? Optional.of("it took too long") : Optional.empty();
    }

    @Override
    public void undo() throws SQLException {
        require(!isSwitched(), "a switch that is recorded is undone");
        locks = false;
        rollBack();
    }

    @Override
    public Rehearsal rehearse(CutoverSpec spec, int runs) throws SQLException, CutoverGivenUp {
        require(guarded && !readOnly && !locks, "a rehearsal where a cutover is under way");
        mayFail("rehearsal");
        if (!quiet && random.nextInt(4) == 0) {
            throw new CutoverGivenUp("a cutover could not succeed");
        }
        return Rehearsal.of(NOW, List.of(List.of(new CutoverResult.Phase("drain", 1))), Map.of());
    }

    @Override
    public void recorded() throws SQLException {
        effect("the locks are let go", () -> locks = false);
        effect("the sink is removed", () -> {
            sinkExists = false;
            sinkRuns = false;
        });
    }

    @Override
    public void rollBack() throws SQLException {
        require(!isSwitched(), "a switch that is recorded is rolled back");
        mayFail("the way back");
        effect("the source is writable", () -> readOnly = false);
        mayFail("the rest of the way back");
        effect("the guard is back", () -> guarded = true);
    }

    @Override
    public ComparisonResult compare() throws SQLException {
        inOrder(Step.COMPARISON);
        mayFail("comparison");
        return new ComparisonResult(true, List.of(), List.of(), List.of(), 1);
    }

    @Override
    public Evidence.Ledger evidence() throws SQLException {
        mayFail("evidence");
        return new Evidence.Ledger(
                Instant.EPOCH, "14.1", "17.1", "replica", List.of(), List.of(), List.of(), Optional.empty());
    }

    @Override
    public boolean cleanUp() throws SQLException {
        if (status.wish().isEmpty() && !isSwitchedBack()) {
            inOrder(Step.CLEAN_UP);
        }
        if (captureRuns || sinkRuns || loadRuns) {
            effect("connectors are stopped", () -> {
                captureRuns = false;
                sinkRuns = false;
                loadRuns = false;
            });
            return false;
        }
        effect("connectors are removed", () -> {
            captureExists = false;
            sinkExists = false;
            loadExists = false;
        });
        mayFail("clean-up");
        effect("the slot is dropped", () -> slot = false);
        effect("the publication is dropped", () -> publication = false);
        return true;
    }

    @Override
    public boolean halt(boolean captureToo) {
        effect("load and sink are stopped", () -> {
            loadRuns = false;
            sinkRuns = false;
            captureRuns &= !captureToo;
        });
        return random.nextBoolean();
    }

    @Override
    public void resume() {
        effect("what was stopped goes on", () -> {
            captureRuns = captureExists;
            sinkRuns = sinkExists && guarded;
        });
    }

    @Override
    public boolean cancel() throws SQLException {
        require(!isSwitched(), "a migration is cancelled behind its switch");
        if (!cleanUp()) {
            return false;
        }
        mayFail("cancel");
        effect("the target is as it was", () -> guarded = false);
        return forget();
    }

    private boolean forget() throws SQLException {
        mayFail("the end of the ledger");
        effect("the ledger is removed", () -> ledger = false);
        effect("the topics are removed", () -> topics = false);
        return random.nextBoolean();
    }

    @Override
    public boolean finish() throws SQLException {
        require(status.nextStep().isEmpty() || isSwitchedBack(), "finished before it is complete");
        mayFail("finish");
        effect("the source can be written to", () -> readOnly = false);
        return forget();
    }

    @Override
    public BackWork back() {
        return back;
    }

    @Override
    public void hold() {}

    @Override
    public void letGo() {
        locks = false;
    }

    @Override
    public void close() {
        locks = false;
    }

    // --- what the runner sees
    // -------------------------------------------------------------------------------------------

    @Override
    public DatabaseStatus status() {
        return status;
    }

    @Override
    public CutoverSpec cutoverSpec() {
        return new CutoverSpec(CutoverMode.MANUAL, Duration.ofSeconds(1));
    }

    @Override
    public void change(UnaryOperator<DatabaseStatus> change) {
        DatabaseStatus after = change.apply(status);
        mayDie("before it is recorded: " + after.state());
        status.wish()
                .filter(wish -> after.wish().isEmpty() && !after.equals(status.withoutWish()))
                .ifPresent(wish -> {
                    if (after.equals(status.granted(wish, after.since()))) {
                        granted.add(wish);
                    }
                });
        if (after.state() != status.state()) {
            story.add("is " + after.state()
                    + after.reason().map(why -> ": " + why).orElse(""));
        }
        status = after;
        check();
        mayDie("after it is recorded: " + after.state());
    }

    @Override
    public Optional<String> slotLost() {
        return slotIsLost && slot ? Optional.of("CO-2006: it is lost") : Optional.empty();
    }

    @Override
    public Readiness readiness(DatabaseState state) {
        return new Readiness(state, captureRuns && sinkRuns, Optional.of(Duration.ZERO), List.of());
    }

    @Override
    public List<String> blockers() {
        return !quiet && random.nextInt(6) == 0 ? List.of("a gate is red") : List.of();
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
    public void loadBegins() {}

    @Override
    public void connectorsRun(boolean running) {}

    @Override
    public void problems(List<String> found) {}

    @Override
    public boolean fallbackWanted() {
        return fallback;
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
        return !quiet && random.nextInt(6) == 0 || !back.following() ? List.of("a gate is red") : List.of();
    }

    /** While the runner waits, others act. */
    @Override
    public boolean pause(Duration time) {
        person();
        return over;
    }

    @Override
    public boolean isOver() {
        over |= !quiet && random.nextInt(60) == 0;
        if (!over) {
            person();
        }
        return over;
    }

    // --- persons
    // --------------------------------------------------------------------------------------------------------

    private boolean isTired() {
        return events > 60;
    }

    private void person() {
        events++;
        if (status.state() == DatabaseState.READY_TO_CUTOVER && status.wish().isEmpty()) {
            if (quiet || random.nextInt(3) == 0) {
                ask("cutover", DatabaseStatus::withCutoverRequested);
            }
        }
        if (status.rollbackRefusal().isEmpty() && (quiet || (!isTired() && random.nextInt(3) == 0))) {
            ask("rollback", DatabaseStatus::withRollbackRequested);
        } else if (!quiet && status.fallback().isPresent() && isTired()) {
            wish(Wish.FINISH);
        }
        if (quiet || isTired()) {
            return;
        }
        switch (random.nextInt(40)) {
            case 0 -> wish(Wish.PAUSE);
            case 1 -> wish(Wish.STOP);
            case 2, 3, 4 -> wish(Wish.RESUME);
            case 5 -> {
                if (random.nextInt(3) == 0) {
                    wish(Wish.CANCEL);
                }
            }
            case 6 -> {
                if (status.reloadRefusal().isEmpty()) {
                    ask("reload", before -> before.withReload(Set.of(TABLE)));
                }
            }
            case 8, 9 -> {
                if (status.abortRefusal(false).isEmpty()) {
                    ask("abort", before -> before.aborted("a person"));
                }
            }
            case 10 -> {
                if (!status.cutsOver()) {
                    ask(
                            "rehearse",
                            before -> before.withPlan(before.cutoverPlan().rehearsing(1)));
                }
            }
            case 7 -> slotIsLost |= random.nextInt(10) == 0;
            default -> {}
        }
    }

    private void wish(Wish wish) {
        if (wish.refusedTo(status).isEmpty()) {
            ask(wish.name(), before -> before.wishing(wish));
        }
    }

    private void ask(String what, UnaryOperator<DatabaseStatus> change) {
        story.add("a person wants: " + what);
        status = change.apply(status);
    }

    /** After a runner has ended: whether there is another one, as the control plane would start it. */
    boolean goesOn() {
        over = false;
        if (status.atRest() && !isTired()) {
            if (status.state() == DatabaseState.FAILED && random.nextInt(4) > 0) {
                start();
            } else if (random.nextBoolean()) {
                wish(isSwitched() ? Wish.FINISH : Wish.CANCEL);
            }
            events++;
        } else if (isTired() && isHalted()) {
            wish(Wish.RESUME);
        }
        return !status.atRest();
    }

    private boolean isHalted() {
        return status.state() == DatabaseState.PAUSED || status.state() == DatabaseState.STOPPED;
    }

    private void start() {
        ask("start", before -> before.moved(before.goesOnAs(), NOW));
    }
}
