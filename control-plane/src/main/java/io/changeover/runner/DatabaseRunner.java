package io.changeover.runner;

import io.changeover.connect.ConnectFailure;
import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.LargeObjects;
import io.changeover.fault.CrashPoint;
import io.changeover.leader.Superseded;
import io.changeover.migration.Abandoned;
import io.changeover.migration.Action;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverPlan;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Evidence;
import io.changeover.migration.Fallback;
import io.changeover.migration.NotLeading;
import io.changeover.migration.Readiness;
import io.changeover.migration.Rehearsal;
import io.changeover.migration.Step;
import io.changeover.migration.Wish;
import io.changeover.postgres.TableName;
import io.changeover.spec.CutoverMode;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads one database pair from step to step until it is at rest. What it did is stored before it goes on, so that it
 * can be killed anywhere; whoever starts it again continues.
 *
 * <p>A cutover that was under way when the process died is rolled back first: the locks are gone with the process, and
 * a source that had become read-only is made writable again.
 */
final class DatabaseRunner implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseRunner.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(150);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_GUARD_LOOKS = Duration.ofSeconds(5);
    private static final Set<DatabaseState> FENCED = EnumSet.of(DatabaseState.CUTTING_OVER, DatabaseState.ROLLING_BACK);
    private static final Duration BETWEEN_CUTOVERS = Duration.ofSeconds(30);
    private static final String WAITS = "The cutover waits: ";

    private final String name;
    private final Led led;
    private final Work work;
    private final Clock clock;
    private final BackRunner back;
    private Instant givenUpAt = Instant.EPOCH;
    private Instant guardLookedAt = Instant.EPOCH;
    private boolean interrupted = true;
    private boolean leading;

    /**
     * A runner.
     *
     * @param name of the pair, for the log
     * @param work closed when the runner ends
     */
    DatabaseRunner(String name, Led led, Work work, Clock clock) {
        this.name = name;
        this.led = led;
        this.work = work;
        this.clock = clock;
        this.back = new BackRunner(name, led, work, clock);
    }

    @Override
    public void run() {
        try {
            while (!led.isOver()) {
                DatabaseStatus before = led.status();
                Action action = Action.next(before, seen());
                if (action instanceof Action.Rest) {
                    break;
                }
                try {
                    take(action, before);
                } catch (StepFailed e) {
                    LOG.error("{} has failed", name, e);
                    String why = String.valueOf(e.getMessage());
                    change(status -> status.failed(why, clock.instant()));
                } catch (SQLException | IOException | ConnectFailure e) {
                    if (isSuperseded(e)) {
                        giveUp(e);
                    } else if (!led.isOver()) {
                        wait(trouble(e));
                    }
                }
            }
        } catch (NotLeading e) {
            LOG.error("Giving up {}", name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (led.isOver()) {
                LOG.info("{} has ended while it was looked at: {}", name, String.valueOf(e));
                return;
            }
            LOG.error("{} stopped by an error of this program", name, e);
            change(status -> status.failed("An error of this program, see its log: " + e, clock.instant())
                    .withoutWish());
        } finally {
            work.close();
        }
    }

    private static boolean isSuperseded(Exception e) {
        return e instanceof Superseded || e.getCause() instanceof Superseded;
    }

    /** Whoever leads now sees to everything, also to the way back from a cutover. */
    private void giveUp(Exception e) {
        LOG.error("Giving up {}", name, e);
        String why = String.valueOf(e.getMessage());
        change(status -> status.failed(why, clock.instant()).withoutWish());
    }

    /** What may pass is tried again, and shown meanwhile; what cannot ends in FAILED. */
    private Duration trouble(Exception e) {
        LOG.warn("{} has to try again", name, e);
        String why = String.valueOf(e.getMessage());
        boolean mayBeFenced = FENCED.contains(led.status().state()) || back.isOpening(); // never left so
        if (Troubles.pass(e) || mayBeFenced) {
            change(status -> status.because(Optional.of("Trying again: " + why)));
        } else {
            change(status -> status.failed(why, clock.instant()));
        }
        return AFTER_TROUBLE;
    }

    private Action.Seen seen() {
        return new Action.Seen(interrupted, led.slotLost(), back.isHindered());
    }

    private void take(Action action, DatabaseStatus status)
            throws StepFailed, SQLException, IOException, InterruptedException {
        work.abandon(status.abandoned().servers());
        if (!leading) {
            work.takeOver();
            leading = true;
        }
        if (action instanceof Action.RollBack) {
            rollBackCutover();
        } else if (action instanceof Action.Fail fail) {
            throw new StepFailed(fail.why());
        } else if (action instanceof Action.Obey obey) {
            obey(obey.wish());
        } else if (action instanceof Action.GoBack go) {
            goBack(go.step());
        } else if (action instanceof Action.Watch) {
            lookOn(status.state());
        } else if (action instanceof Action.Reload reload) {
            reload(reload.tables());
        } else if (action instanceof Action.Perform perform) {
            advance(perform.step(), status);
        }
        interrupted = false;
    }

    private void rollBackCutover() throws SQLException {
        work.rollBack();
        change(status ->
                status.cutoverGivenUp("The cutover was interrupted; the source is writable again", clock.instant()));
    }

    private void goBack(Fallback.Step step) throws StepFailed, SQLException, InterruptedException {
        try {
            back.take(step);
        } catch (SQLException e) {
            interrupted |= step == Fallback.Step.SWITCH; // what it has left is undone
            throw e;
        }
    }

    /** What cannot be done yet is tried again, with the reason for people, until it is done. */
    private void obey(Wish wish) throws InterruptedException {
        String what = name;
        try {
            recordLeftovers();
            if (isDone(wish)) {
                LOG.info("{}: {} is done", what, wish);
                change(status ->
                        status.wish().equals(Optional.of(wish)) ? status.granted(wish, clock.instant()) : status);
            } else {
                wait(BETWEEN_LOOKS);
            }
        } catch (StepFailed | SQLException | ConnectFailure e) {
            if (isSuperseded(e)) {
                giveUp(e);
                return;
            }
            LOG.warn("{}: {} has to be tried again", what, wish, e);
            String why = "Trying again to " + wish.name().toLowerCase(Locale.ROOT) + ": " + e.getMessage();
            change(status -> status.because(Optional.of(why)));
            wait(AFTER_TROUBLE);
        }
    }

    /** Before anything is removed: what one server has recorded tells what was done on the other. */
    private void recordLeftovers() throws SQLException {
        Abandoned abandoned = led.status().abandoned();
        boolean madeSomething = led.status().timeline().stream().anyMatch(each -> each.state() == DatabaseState.SCHEMA);
        if (madeSomething && !abandoned.servers().isEmpty() && abandoned.left().isEmpty()) {
            List<String> left = work.leftovers();
            change(status -> status.withLeft(left));
        }
    }

    private boolean isDone(Wish wish) throws StepFailed, SQLException, InterruptedException {
        switch (wish) {
            case PAUSE, STOP -> {
                return work.halt(wish == Wish.STOP);
            }
            case RESUME -> {
                work.resume();
                return true;
            }
            case CANCEL -> {
                return back.isRemoved() && work.cancel();
            }
            case FINISH -> {
                return back.isFinished() && work.finish();
            }
        }
        throw new IllegalStateException("no such wish: " + wish);
    }

    /** The capture of a pair that is paused goes on. */
    private void lookOn(DatabaseState state) throws StepFailed, InterruptedException {
        led.connectorsRun(false);
        if (state == DatabaseState.PAUSED) {
            work.capturing();
        }
        wait(BETWEEN_LOOKS);
    }

    private void advance(Step step, DatabaseStatus status)
            throws StepFailed, SQLException, IOException, InterruptedException {
        if (step != Step.IN_SYNC) {
            enter(step.state());
        }
        switch (step) {
            case PREFLIGHT -> preflight();
            case STRUCTURE -> done(step, work::structure);
            case PUBLICATION -> done(step, work::publication);
            case CAPTURE -> doneWhen(step, work.capture());
            case LOAD -> load();
            case INDEXES -> done(step, work::indexes);
            case APPLY -> doneWhen(step, work.applied(loadedLsn(status)));
            case FOREIGN_KEYS -> done(step, work::foreignKeys);
            case LARGE_OBJECTS -> doneWhen(step, largeObjects());
            case STATISTICS -> done(step, work::statistics);
            case IN_SYNC -> inSync();
            case CUTOVER -> cutOver();
            case COMPARISON -> compare();
            case CLEAN_UP -> doneWhen(step, work.cleanUp());
        }
    }

    /** Something that takes as long as it takes. */
    @FunctionalInterface
    private interface Task {
        void run() throws StepFailed, SQLException, IOException, InterruptedException;
    }

    private void done(Step step, Task task) throws StepFailed, SQLException, IOException, InterruptedException {
        LOG.info("{}: {}", name, step);
        task.run();
        change(status -> status.with(step).because(Optional.empty()));
    }

    private void doneWhen(Step step, boolean finished) throws InterruptedException {
        if (finished) {
            change(status -> status.with(step).because(Optional.empty()));
        } else {
            wait(BETWEEN_LOOKS);
        }
    }

    private void preflight() throws StepFailed {
        LOG.info("{}: {}", name, Step.PREFLIGHT);
        Evidence.Preflight found = work.preflight();
        change(status -> status.withEvidence(evidence -> evidence.with(found))
                .with(Step.PREFLIGHT)
                .because(Optional.empty()));
    }

    /** Done again after a crash in the middle, it empties the tables again. */
    private void reload(Set<TableName> tables) throws StepFailed, SQLException {
        enter(DatabaseState.FULL_LOAD);
        LOG.info("{}: loading again {}", name, tables);
        for (TableName table : tables) {
            try {
                work.reload(table);
            } catch (SQLException e) {
                if (!Troubles.pass(e)) {
                    change(status -> status.withoutReload(table)); // or it would fail with every start
                }
                throw e;
            }
            change(status -> status.reloading(table, clock.instant()));
        }
        guardLookedAt = Instant.EPOCH;
    }

    private void load() throws StepFailed, SQLException, InterruptedException {
        led.loadBegins();
        Optional<LogSequenceNumber> position = work.load();
        if (position.isEmpty()) {
            wait(BETWEEN_LOOKS);
            return;
        }
        String lsn = position.get().asString();
        change(status -> status.withLoadedLsn(lsn).with(Step.LOAD).because(Optional.empty()));
    }

    private boolean largeObjects() throws SQLException {
        LargeObjects.Pass pass = work.largeObjects();
        if (!pass.isComplete()) {
            change(status -> status.because(Optional.of("Copying large objects: " + pass.compared() + " are done")));
        }
        return pass.isComplete();
    }

    private static LogSequenceNumber loadedLsn(DatabaseStatus status) {
        return LogSequenceNumber.valueOf(status.loadedLsn().orElseThrow());
    }

    private void inSync() throws StepFailed, SQLException, InterruptedException {
        led.connectorsRun(work.following());
        lookAtGuard();
        Readiness readiness = led.readiness(led.status().state());
        enter(readiness.close() ? DatabaseState.READY_TO_CUTOVER : DatabaseState.CATCHING_UP);
        Optional<Integer> runs = led.status().cutoverPlan().rehearse();
        if (runs.isPresent() && led.status().state() == DatabaseState.READY_TO_CUTOVER) {
            rehearse(runs.get());
        } else if (!mayBegin()) {
            wait(BETWEEN_LOOKS);
        } else {
            Evidence.Gates seen = new Evidence.Gates(clock.instant(), led.gates());
            change(status -> status.reloads().isEmpty() && status.wish().isEmpty()
                    ? status.withEvidence(evidence -> evidence.with(seen)).with(Step.IN_SYNC)
                    : status);
        }
    }

    /** Whether the cutover is wanted now, nothing stands in its way, and those are ready that it begins with. */
    private boolean mayBegin() {
        DatabaseStatus status = led.status();
        CutoverPlan plan = status.cutoverPlan();
        boolean rested = givenUpAt.plus(BETWEEN_CUTOVERS).isBefore(clock.instant());
        boolean byItself = led.cutoverSpec().mode() == CutoverMode.AUTO
                && rested
                && plan.abortedBy().isEmpty();
        if (!status.cutoverRequested() && !byItself) {
            return false;
        }
        Instant now = clock.instant();
        if (plan.at().filter(now::isBefore).isPresent()) {
            return false;
        }
        List<String> blockers = led.readiness(status.state()).blockers();
        if (blockers.isEmpty()) {
            blockers = led.blockers();
        }
        Optional<String> late = plan.late(now);
        if (blockers.isEmpty() && late.isEmpty()) {
            arm(true);
            return led.areArmed(plan.together());
        }
        if (late.isPresent()) {
            String why =
                    late.get() + ": " + (blockers.isEmpty() ? "it waited for others" : String.join("; ", blockers));
            LOG.warn("{}: {}", name, why);
            change(before -> before.cutsOver() ? before : before.cutoverLapsed(why));
        } else {
            arm(false);
            Optional<String> why = Optional.of(WAITS + String.join("; ", blockers));
            change(before -> before.cutoverRequested() || byItself ? before.because(why) : before);
        }
        return false;
    }

    /** So that pairs that are to begin together know of each other. */
    private void arm(boolean ready) {
        change(status -> {
            boolean waited = status.reason().orElse("").startsWith(WAITS);
            DatabaseStatus now = ready && waited ? status.because(Optional.empty()) : status;
            return now.cutoverPlan().together().isEmpty() && !now.cutoverPlan().armed()
                    ? now
                    : now.withPlan(now.cutoverPlan().armed(ready));
        });
    }

    private void rehearse(int runs) throws SQLException {
        LOG.info("{}: rehearsing the cutover", name);
        try {
            Rehearsal result = work.rehearse(led.cutoverSpec(), runs);
            change(status -> status.withPlan(status.cutoverPlan().rehearsed(Optional.of(result))));
        } catch (CutoverGivenUp | SQLException e) {
            LOG.warn("The rehearsal of {} did not work out", name, e);
            String why = "The rehearsal did not work out: " + e.getMessage();
            change(status -> status.withPlan(status.cutoverPlan().rehearsed(Optional.empty()))
                    .because(Optional.of(why)));
        }
    }

    /** What is in the way of a cutover is also why the pair does not go on. */
    private void lookAtGuard() throws SQLException {
        if (guardLookedAt.plus(BETWEEN_GUARD_LOOKS).isAfter(clock.instant())) {
            return;
        }
        List<String> problems = work.guardProblems();
        led.problems(problems);
        if (!problems.isEmpty()) {
            change(status -> status.because(Optional.of(String.join("; ", problems))));
        } else if (led.status().reason().orElse("").startsWith("CO-205")) {
            change(status -> status.because(Optional.empty()));
        }
        guardLookedAt = clock.instant();
    }

    private void cutOver() throws SQLException, InterruptedException {
        try {
            if (!back.prepare()) {
                return;
            }
            CutoverResult result = work.cutOver(
                    led.cutoverSpec(),
                    () -> led.status().cutoverPlan().abortedBy(),
                    () -> led.status().cutoverPlan().late(clock.instant()));
            CrashPoint.CUTOVER_BEFORE_RECORD.hit();
            record(result);
            CrashPoint.CUTOVER_AFTER_RECORD.hit();
            work.recorded();
            CrashPoint.CUTOVER_AFTER_UNLOCK.hit();
        } catch (CutoverGivenUp e) {
            LOG.warn("The cutover of {} was given up", name, e);
            String why = String.valueOf(e.getMessage());
            change(status -> status.cutoverGivenUp(why, clock.instant()));
            givenUpAt = clock.instant();
        } catch (SQLException e) {
            interrupted = true;
            throw e;
        }
    }

    /**
     * From here on the target is the one to write to, and no crash goes back behind it. Whether it was in time, and
     * nobody has aborted it, is decided while it is recorded: what comes later comes too late.
     */
    private void record(CutoverResult result) throws SQLException, CutoverGivenUp {
        List<String> refusal = new ArrayList<>();
        change(status -> {
            work.settle().ifPresent(refusal::add);
            return refusal.isEmpty() ? back.armed(status.switched(result, clock.instant())) : status;
        });
        if (!led.status().done().contains(Step.CUTOVER)) {
            work.undo();
            throw new CutoverGivenUp(refusal.isEmpty() ? "Aborted; the source is writable" : refusal.get(0));
        }
    }

    private void compare() throws SQLException, InterruptedException {
        ComparisonResult result = work.compare();
        Evidence.Ledger kept = work.evidence();
        change(status -> status.withComparison(result)
                .withEvidence(evidence -> evidence.with(kept))
                .with(Step.COMPARISON));
        work.letGo();
    }

    private void enter(DatabaseState state) {
        if (led.status().state() != state) {
            LOG.info("{} is {}", name, state);
            change(status -> status.moved(state, clock.instant()));
        }
    }

    private void change(UnaryOperator<DatabaseStatus> change) {
        led.change(change);
    }

    private void wait(Duration time) throws InterruptedException {
        boolean unused = led.pause(time);
    }
}
