package io.changeover.runner;

import io.changeover.connect.ConnectFailure;
import io.changeover.cutover.CutoverGivenUp;
import io.changeover.fault.CrashPoint;
import io.changeover.leader.Superseded;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Evidence;
import io.changeover.migration.Fallback;
import io.changeover.migration.Fallback.Phase;
import io.changeover.migration.Step;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads the way back of one pair, step by step as {@link Fallback} has them; each can be done again after a crash in
 * the middle of it. Part of a {@link DatabaseRunner}, and of its thread.
 */
final class BackRunner {

    private static final Logger LOG = LoggerFactory.getLogger(BackRunner.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(150);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_GUARD_LOOKS = Duration.ofSeconds(5);

    /** The slot waits for transactions of the target to end. */
    private static final Duration PREPARATION = Duration.ofMinutes(2);

    private final String name;
    private final Led led;
    private final Work work;
    private final Clock clock;
    private Instant guardLookedAt = Instant.EPOCH;
    private Optional<Instant> awaited = Optional.empty();
    private boolean isHindered;

    BackRunner(String name, Led led, Work work, Clock clock) {
        this.name = name;
        this.led = led;
        this.work = work;
        this.clock = clock;
    }

    /**
     * Prepares the way back, before a cutover; without one that is wanted there is nothing to prepare.
     *
     * @return false if the runner is to end
     * @throws CutoverGivenUp if it cannot be prepared; then there is no cutover either
     */
    boolean prepare() throws SQLException, InterruptedException, CutoverGivenUp {
        if (!led.fallbackWanted()) {
            return true;
        }
        requireWanted();
        led.change(DatabaseStatus::withFallbackBegun);
        Instant deadline = clock.instant().plus(PREPARATION);
        try {
            while (!isPrepared()) {
                requireWanted();
                if (clock.instant().isAfter(deadline)) {
                    throw new CutoverGivenUp("The capture of the way back has not begun in " + PREPARATION.toSeconds()
                            + " s: look at Kafka Connect and the connector's task, and for transactions that stay open"
                            + " on the target");
                }
                if (led.pause(BETWEEN_LOOKS) || led.isOver()) {
                    return false;
                }
            }
            return true;
        } catch (StepFailed e) {
            throw new CutoverGivenUp("The way back could not be prepared: " + e.getMessage(), e);
        }
    }

    /** Nothing is fenced yet, and nobody else would see before the fence that it is aborted, or too late. */
    private void requireWanted() throws CutoverGivenUp {
        Optional<String> who = led.status().cutoverPlan().abortedBy();
        if (who.isPresent()) {
            throw new CutoverGivenUp("Aborted by " + who.get() + "; the source is writable");
        }
        Optional<String> late = led.status().cutoverPlan().late(clock.instant());
        if (late.isPresent()) {
            throw new CutoverGivenUp(late.get() + ": the way back was being prepared. The source is writable");
        }
    }

    /** Kafka Connect may be away for a moment. */
    private boolean isPrepared() throws StepFailed, SQLException {
        try {
            return work.back().prepare();
        } catch (ConnectFailure e) {
            requireLead(e);
            LOG.warn("{}: the way back is not prepared yet", name, e);
            return false;
        }
    }

    /** The same with its way back armed, if there is one and the cutover is recorded. */
    DatabaseStatus armed(DatabaseStatus status) {
        return status.done().contains(Step.CUTOVER) && status.fallback().isPresent()
                ? status.withFallbackArmed(work.back().marker())
                : status;
    }

    /**
     * Does a step.
     *
     * @throws SQLException if it is to be tried again
     */
    void take(Fallback.Step step) throws StepFailed, SQLException, InterruptedException {
        switch (step) {
            case REMOVE -> {
                if (work.back().remove()) {
                    led.change(DatabaseStatus::withoutFallback);
                } else {
                    pause(BETWEEN_LOOKS);
                }
            }
            case START -> start();
            case FOLLOW -> follow();
            case SWITCH -> switchBack();
            case UNDO -> {
                work.back().undo();
                led.change(status -> status.rollbackGivenUp(
                        "The rollback was interrupted; the target is writable again", clock.instant()));
            }
            case OPEN -> {
                work.back().open();
                done(Phase.OPEN);
            }
            case COMPARISON -> {
                ComparisonResult result = work.back().compare();
                led.change(status -> status.comparedBack(result));
                work.back().letGo();
            }
            case CLEAN_UP -> cleanUp();
        }
    }

    /** What hinders it is shown, and it is tried again: the target is the one to write to, whatever happens here. */
    private void start() throws SQLException, InterruptedException {
        String marker = led.status().fallback().flatMap(Fallback::marker).orElseThrow();
        work.hold();
        led.backBegins();
        try {
            if (work.back().start(marker)) {
                LOG.info("{}: the old source follows the target from marker {} on", name, marker);
                isHindered = false;
                done(Phase.FOLLOWING);
            } else {
                pause(BETWEEN_LOOKS);
            }
        } catch (StepFailed | SQLException | ConnectFailure e) {
            requireLead(e);
            isHindered = true;
            hindered(e);
        }
    }

    private void follow() throws SQLException, InterruptedException {
        look();
        pause(BETWEEN_LOOKS);
    }

    private void look() throws SQLException, InterruptedException {
        led.backBegins();
        try {
            led.backRuns(work.back().following());
            if (guardLookedAt.plus(BETWEEN_GUARD_LOOKS).isBefore(clock.instant())) {
                led.backProblems(work.back().guardProblems());
                guardLookedAt = clock.instant();
            }
        } catch (StepFailed | SQLException | ConnectFailure e) {
            requireLead(e);
            led.backRuns(false);
            hindered(e);
            return;
        }
        if (led.status().reason().orElse("").startsWith(HINDERED)) {
            led.change(status -> status.because(Optional.empty()));
        }
    }

    /** Whoever leads now sees to the way back, too. */
    private static void requireLead(Exception why) throws Superseded {
        if (why instanceof Superseded superseded) {
            throw superseded;
        }
        if (why.getCause() instanceof Superseded superseded) {
            throw superseded;
        }
    }

    private static final String HINDERED = "The way back does not go on: ";

    private void hindered(Exception why) throws InterruptedException {
        String reason = HINDERED + why.getMessage();
        if (!led.status().reason().equals(Optional.of(reason))) {
            LOG.warn("{}: {}", name, reason);
            led.change(status -> status.because(Optional.of(reason)));
        }
        pause(AFTER_TROUBLE);
    }

    private void switchBack() throws SQLException, InterruptedException {
        look();
        List<String> blockers = led.backBlockers();
        if (!blockers.isEmpty()) {
            await(blockers);
            return;
        }
        awaited = Optional.empty();
        Evidence.Gates seen = new Evidence.Gates(clock.instant(), led.backGates());
        led.change(status -> status.rollsBack()
                ? status.withEvidence(evidence -> evidence.withRollback(seen))
                        .moved(DatabaseState.ROLLING_BACK, clock.instant())
                : status);
        if (led.status().state() != DatabaseState.ROLLING_BACK) {
            return; // aborted just now
        }
        try {
            CutoverResult result = work.back()
                    .switchBack(led.cutoverSpec(), () -> led.status().fallback().flatMap(Fallback::abortedBy));
            CrashPoint.ROLLBACK_BEFORE_RECORD.hit();
            record(result);
            CrashPoint.ROLLBACK_AFTER_RECORD.hit();
        } catch (CutoverGivenUp e) {
            LOG.warn("The rollback of {} was given up", name, e);
            giveUp("The rollback was given up, in which the target is the source: " + e.getMessage());
        }
    }

    /**
     * From here on the old source is the one to write to, and no crash goes back behind it. Whether it was in time, and
     * nobody has aborted it, is decided while it is recorded: what comes later comes too late.
     */
    private void record(CutoverResult result) throws SQLException, CutoverGivenUp {
        List<String> refusal = new ArrayList<>();
        led.change(status -> {
            work.back().settle().ifPresent(refusal::add);
            return refusal.isEmpty() ? status.rolledBack(result, clock.instant()) : status;
        });
        if (led.status().state() != DatabaseState.ROLLED_BACK) {
            work.back().undo();
            throw new CutoverGivenUp(refusal.isEmpty() ? "Aborted; the source is writable" : refusal.get(0));
        }
    }

    /** A control plane that has just begun knows no lag yet. */
    private void await(List<String> blockers) throws InterruptedException {
        Instant since = awaited.orElseGet(clock::instant);
        if (since.plus(PATIENCE).isBefore(clock.instant())) {
            awaited = Optional.empty();
            giveUp("The rollback could not begin in " + PATIENCE.toSeconds() + " s: " + String.join("; ", blockers));
        } else {
            awaited = Optional.of(since);
            pause(BETWEEN_LOOKS);
        }
    }

    private void giveUp(String why) {
        led.change(status -> status.rollbackGivenUp(why, clock.instant()));
    }

    /** A rollback may have come before the migration's own end. */
    private void cleanUp() throws SQLException, InterruptedException {
        boolean backGone = work.back().cleanUp();
        if (work.cleanUp() && backGone) {
            led.change(status -> status.with(Step.CLEAN_UP).withFallback(Phase.ENDED));
        } else {
            pause(BETWEEN_LOOKS);
        }
    }

    /** Whether the last attempt to start it failed. */
    boolean isHindered() {
        return isHindered;
    }

    /** Whether both sides are read-only now: that is not left so. */
    boolean isOpening() {
        return led.status()
                .fallback()
                .filter(back -> back.phase() == Phase.SWITCHED)
                .isPresent();
    }

    /** Whether nothing is left of it; removes it if something is. */
    boolean isRemoved() throws StepFailed, SQLException, InterruptedException {
        return led.status().fallback().isEmpty() || work.back().remove();
    }

    /** The same, for a migration that is finished: whoever was left can be written to again. */
    boolean isFinished() throws StepFailed, SQLException, InterruptedException {
        if (led.status().state() == DatabaseState.ROLLED_BACK) {
            work.back().releaseTarget();
        }
        return isRemoved();
    }

    private void pause(Duration time) throws InterruptedException {
        boolean unused = led.pause(time);
    }

    private void done(Phase phase) {
        led.change(status -> status.withFallback(phase).because(Optional.empty()));
    }
}
