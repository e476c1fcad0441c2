package io.changeover.runner;

import io.changeover.connect.ConnectFailure;
import io.changeover.cutover.Cutover;
import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.LargeObjects;
import io.changeover.lag.Slot;
import io.changeover.migration.Action;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Readiness;
import io.changeover.migration.Step;
import io.changeover.migration.Wish;
import io.changeover.postgres.TableName;
import io.changeover.spec.CutoverMode;
import io.changeover.spec.CutoverSpec;
import io.changeover.store.MigrationStore;
import io.changeover.store.StoreFenced;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
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
    private static final Duration BETWEEN_CUTOVERS = Duration.ofSeconds(30);

    private final Pair pair;
    private final MigrationStore store;
    private final Watch watch;
    private final Connectors connectors;
    private final Steps steps;
    private final Clock clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Cutover held;
    private Instant givenUpAt = Instant.EPOCH;
    private Instant guardLookedAt = Instant.EPOCH;
    private boolean interrupted = true;

    DatabaseRunner(Pair pair, MigrationStore store, Watch watch, Connectors connectors, Topics topics, Clock clock)
            throws IOException {
        this.pair = pair;
        this.store = store;
        this.watch = watch;
        this.connectors = connectors;
        this.steps = new Steps(pair, connectors, topics);
        this.clock = clock;
    }

    /** Makes it end soon; what is under way is given up or finished by the next start. */
    void stop() {
        stop.countDown();
    }

    @Override
    public void run() {
        try {
            while (stop.getCount() > 0) {
                DatabaseStatus before = status();
                Action action = Action.next(before, seen());
                if (action instanceof Action.Rest) {
                    break;
                }
                try {
                    take(action, before);
                } catch (StepFailed e) {
                    LOG.error("{} has failed", pair.names().slot(), e);
                    String why = String.valueOf(e.getMessage());
                    change(status -> status.failed(why, clock.instant()));
                } catch (SQLException | IOException | ConnectFailure e) {
                    if (stop.getCount() > 0) {
                        wait(trouble(e));
                    }
                }
            }
        } catch (StoreFenced e) {
            LOG.error("Giving up {}", pair.names().slot(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("{} stopped by an error of this program", pair.names().slot(), e);
            change(status -> status.failed("An error of this program, see its log: " + e, clock.instant()));
        } finally {
            letGo();
            steps.close();
        }
    }

    /** What may pass is tried again, and shown meanwhile; what cannot ends in FAILED. */
    private Duration trouble(Exception e) {
        LOG.warn("{} has to try again", pair.names().slot(), e);
        String why = String.valueOf(e.getMessage());
        if (Troubles.pass(e)) {
            change(status -> status.because(Optional.of("Trying again: " + why)));
        } else {
            change(status -> status.failed(why, clock.instant()));
        }
        return AFTER_TROUBLE;
    }

    private Action.Seen seen() {
        Optional<String> lost = watch.progress()
                .slot()
                .filter(Slot::lost)
                .map(slot -> "CO-2006: " + String.join("; ", slot.warnings()));
        return new Action.Seen(interrupted, lost);
    }

    private void take(Action action, DatabaseStatus status)
            throws StepFailed, SQLException, IOException, InterruptedException {
        if (action instanceof Action.RollBack) {
            rollBackCutover();
        } else if (action instanceof Action.Fail fail) {
            throw new StepFailed(fail.why());
        } else if (action instanceof Action.Obey obey) {
            obey(obey.wish());
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
        Cutover.rollBack(pair.source(), pair.target());
        change(status ->
                status.cutoverGivenUp("The cutover was interrupted; the source is writable again", clock.instant()));
    }

    /** What cannot be done yet is tried again, with the reason for people, until it is done. */
    private void obey(Wish wish) throws InterruptedException {
        String what = pair.names().slot();
        try {
            if (isDone(wish)) {
                LOG.info("{}: {} is done", what, wish);
                change(status ->
                        status.wish().equals(Optional.of(wish)) ? status.granted(wish, clock.instant()) : status);
            } else {
                wait(BETWEEN_LOOKS);
            }
        } catch (StepFailed | SQLException | ConnectFailure e) {
            LOG.warn("{}: {} has to be tried again", what, wish, e);
            String why = "Trying again to " + wish.name().toLowerCase(Locale.ROOT) + ": " + e.getMessage();
            change(status -> status.because(Optional.of(why)));
            wait(AFTER_TROUBLE);
        }
    }

    private boolean isDone(Wish wish) throws StepFailed, SQLException, InterruptedException {
        switch (wish) {
            case PAUSE, STOP -> {
                return connectors.halt(wish == Wish.STOP);
            }
            case RESUME -> {
                connectors.resume();
                return true;
            }
            case CANCEL -> {
                return steps.cancel();
            }
            case FINISH -> {
                return steps.finish();
            }
        }
        throw new IllegalStateException("no such wish: " + wish);
    }

    /** The capture of a pair that is paused goes on. */
    private void lookOn(DatabaseState state) throws StepFailed, InterruptedException {
        watch.connectorsRun(false);
        if (state == DatabaseState.PAUSED) {
            connectors.capturing();
        }
        wait(BETWEEN_LOOKS);
    }

    private void advance(Step step, DatabaseStatus status)
            throws StepFailed, SQLException, IOException, InterruptedException {
        if (step != Step.IN_SYNC) {
            enter(step.state());
        }
        switch (step) {
            case PREFLIGHT -> done(step, steps::preflight);
            case STRUCTURE -> done(step, steps::structure);
            case PUBLICATION -> done(step, steps::publication);
            case CAPTURE -> doneWhen(step, steps.capture());
            case LOAD -> load();
            case INDEXES -> done(step, steps::indexes);
            case APPLY -> doneWhen(step, steps.applied(loadedLsn(status)));
            case FOREIGN_KEYS -> done(step, steps::foreignKeys);
            case LARGE_OBJECTS -> doneWhen(step, largeObjects());
            case STATISTICS -> done(step, steps::statistics);
            case IN_SYNC -> inSync();
            case CUTOVER -> cutOver();
            case COMPARISON -> compare();
            case CLEAN_UP -> doneWhen(step, steps.cleanUp());
        }
    }

    /** Something that takes as long as it takes. */
    @FunctionalInterface
    private interface Work {
        void run() throws StepFailed, SQLException, IOException, InterruptedException;
    }

    private void done(Step step, Work work) throws StepFailed, SQLException, IOException, InterruptedException {
        LOG.info("{}: {}", pair.names().slot(), step);
        work.run();
        change(status -> status.with(step).because(Optional.empty()));
    }

    private void doneWhen(Step step, boolean finished) throws InterruptedException {
        if (finished) {
            change(status -> status.with(step).because(Optional.empty()));
        } else {
            wait(BETWEEN_LOOKS);
        }
    }

    /** Done again after a crash in the middle, it empties the tables again. */
    private void reload(Set<TableName> tables) throws StepFailed, SQLException {
        enter(DatabaseState.FULL_LOAD);
        LOG.info("{}: loading again {}", pair.names().slot(), tables);
        for (TableName table : tables) {
            try {
                steps.reload(table);
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
        watch.loadBegins();
        Optional<LogSequenceNumber> position = steps.load();
        if (position.isEmpty()) {
            wait(BETWEEN_LOOKS);
            return;
        }
        String lsn = position.get().asString();
        change(status -> status.withLoadedLsn(lsn).with(Step.LOAD).because(Optional.empty()));
    }

    private boolean largeObjects() throws SQLException {
        LargeObjects.Pass pass = steps.largeObjects();
        if (!pass.isComplete()) {
            change(status -> status.because(Optional.of("Copying large objects: " + pass.compared() + " are done")));
        }
        return pass.isComplete();
    }

    private static LogSequenceNumber loadedLsn(DatabaseStatus status) {
        return LogSequenceNumber.valueOf(status.loadedLsn().orElseThrow());
    }

    private void inSync() throws StepFailed, SQLException, InterruptedException {
        watch.connectorsRun(connectors.following());
        lookAtGuard();
        Readiness readiness = watch.readiness(status().state());
        enter(readiness.close() ? DatabaseState.READY_TO_CUTOVER : DatabaseState.CATCHING_UP);
        boolean rested = givenUpAt.plus(BETWEEN_CUTOVERS).isBefore(clock.instant());
        boolean wanted = status().cutoverRequested() || (cutoverSpec().mode() == CutoverMode.AUTO && rested);
        boolean ready = watch.readiness(status().state()).blockers().isEmpty();
        if (ready && wanted) {
            change(status ->
                    status.reloads().isEmpty() && status.wish().isEmpty() ? status.with(Step.IN_SYNC) : status);
        } else {
            wait(BETWEEN_LOOKS);
        }
    }

    /** What is in the way of a cutover is also why the pair does not go on. */
    private void lookAtGuard() throws SQLException {
        if (guardLookedAt.plus(BETWEEN_GUARD_LOOKS).isAfter(clock.instant())) {
            return;
        }
        List<String> problems = steps.guardProblems();
        watch.problems(problems);
        if (!problems.isEmpty()) {
            change(status -> status.because(Optional.of(String.join("; ", problems))));
        } else if (status().reason().orElse("").startsWith("CO-205")) {
            change(status -> status.because(Optional.empty()));
        }
        guardLookedAt = clock.instant();
    }

    private void cutOver() throws SQLException, InterruptedException {
        try {
            Cutover cutover = Cutover.perform(pair.sides(), cutoverSpec().drainTimeout());
            held = cutover;
            // from here on the target is the one to write to, and no crash goes back behind it
            change(status -> status.with(Step.CUTOVER)
                    .withCutover(cutover.result())
                    .moved(DatabaseState.COMPLETED, clock.instant()));
            cutover.finish();
            connectors.deleteSink();
        } catch (CutoverGivenUp e) {
            LOG.warn("The cutover of {} was given up", pair.names().slot(), e);
            String why = String.valueOf(e.getMessage());
            change(status -> status.cutoverGivenUp(why, clock.instant()));
            givenUpAt = clock.instant();
        } catch (SQLException e) {
            interrupted = true;
            throw e;
        }
    }

    private void compare() throws SQLException, InterruptedException {
        var result = new Comparing(pair).run(Optional.ofNullable(held));
        change(status -> status.withComparison(result).with(Step.COMPARISON));
        letGo();
    }

    private void letGo() {
        Cutover cutover = held;
        held = null;
        if (cutover != null) {
            try {
                cutover.close();
            } catch (SQLException e) {
                LOG.warn(
                        "A connection of the cutover of {} did not close",
                        pair.names().slot(),
                        e);
            }
        }
    }

    /** As it is now: it may be changed while the migration runs. */
    private CutoverSpec cutoverSpec() {
        return store.get(pair.spec().name()).orElseThrow().spec().cutover();
    }

    private DatabaseStatus status() {
        return store.get(pair.spec().name())
                .flatMap(migration -> migration.database(pair.pair().source()))
                .orElseThrow();
    }

    private void enter(DatabaseState state) {
        if (status().state() != state) {
            LOG.info("{} is {}", pair.names().slot(), state);
            change(status -> status.moved(state, clock.instant()));
        }
    }

    private void change(UnaryOperator<DatabaseStatus> change) {
        store.update(pair.spec().name(), migration -> migration.with(pair.pair(), change));
    }

    private void wait(Duration time) throws InterruptedException {
        boolean unused = stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
