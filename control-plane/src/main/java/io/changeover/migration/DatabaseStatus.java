package io.changeover.migration;

import io.changeover.postgres.TableName;
import io.changeover.spec.DatabasePair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Everything that is remembered of a database pair. Immutable; its JSON form is what the state topic holds.
 *
 * <p>What leads from one state to another is in {@link Action}.
 *
 * @param pair the databases
 * @param state where it is
 * @param timeline every state it has been in
 * @param done the steps that never have to be done again
 * @param reason why it does not go on, or what it waits for; empty if all is well
 * @param cutoverRequested whether a person or the migration file wants the cutover
 * @param loadedLsn a WAL position of the source after the last table was loaded
 * @param cutover what the cutover did
 * @param comparison what the comparison found
 * @param reloads tables that somebody wants to be loaded again, of which nothing is done yet
 * @param wish what a person has asked for and is not done yet
 * @param finished whether everything that was made for the migration is gone, also what a completed one leaves
 * @param cutoverPlan what is arranged for the cutover
 * @param evidence what is kept for an auditor
 * @param abandoned servers that are gone for ever
 * @param fallback the way back; empty if there is none
 * @param hooks that were run lately, the oldest first
 */
public record DatabaseStatus(
        DatabasePair pair,
        DatabaseState state,
        List<Transition> timeline,
        Set<Step> done,
        Optional<String> reason,
        boolean cutoverRequested,
        Optional<String> loadedLsn,
        Optional<CutoverResult> cutover,
        Optional<ComparisonResult> comparison,
        Set<TableName> reloads,
        Optional<Wish> wish,
        Optional<Boolean> finished,
        CutoverPlan cutoverPlan,
        Evidence evidence,
        Abandoned abandoned,
        Optional<Fallback> fallback,
        List<HookRun> hooks) {

    /** How many runs of hooks are remembered. */
    private static final int HOOKS = 60;

    /** From here on a table can be loaded again: the stream is applied, or about to be. */
    private static final Step FIRST_LOAD = Step.INDEXES;

    public DatabaseStatus {
        timeline = List.copyOf(timeline);
        done = Set.copyOf(done);
        reloads = reloads == null ? Set.of() : Set.copyOf(reloads); // one that an earlier version has stored
        wish = Objects.requireNonNullElse(wish, Optional.empty());
        finished = Objects.requireNonNullElse(finished, Optional.empty());
        cutoverPlan = Objects.requireNonNullElse(cutoverPlan, CutoverPlan.NONE);
        evidence = Objects.requireNonNullElse(evidence, Evidence.NONE);
        abandoned = Objects.requireNonNullElse(abandoned, Abandoned.NONE);
        fallback = Objects.requireNonNullElse(fallback, Optional.empty());
        hooks = hooks == null ? List.of() : List.copyOf(hooks);
    }

    /** A pair that nothing was done for. */
    public static DatabaseStatus created(DatabasePair pair, Instant now) {
        return new DatabaseStatus(
                pair,
                DatabaseState.CREATED,
                List.of(new Transition(DatabaseState.CREATED, now)),
                Set.of(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                CutoverPlan.NONE,
                Evidence.NONE,
                Abandoned.NONE,
                Optional.empty(),
                List.of());
    }

    /** The first step that is not done, or empty if all are. */
    public Optional<Step> nextStep() {
        return Arrays.stream(Step.values()).filter(step -> !done.contains(step)).findFirst();
    }

    /** The state in which it goes on when a person starts it. */
    public DatabaseState goesOnAs() {
        boolean isBack = fallback.flatMap(Fallback::rollback).isPresent();
        return isBack
                ? DatabaseState.ROLLED_BACK
                : nextStep().map(Step::state).orElse(done.isEmpty() ? state : DatabaseState.COMPLETED);
    }

    /** Whether nothing more will be done by itself. */
    public boolean atRest() {
        return Action.next(this, Action.Seen.NOTHING) instanceof Action.Rest;
    }

    /** When the present state began. */
    public Instant since() {
        return timeline.get(timeline.size() - 1).at();
    }

    /** The same in another state; the reason is gone. */
    public DatabaseStatus moved(DatabaseState next, Instant now) {
        return new Edit(this).move(next, now).build();
    }

    /** The same with a step done. */
    public DatabaseStatus with(Step step) {
        Edit edit = new Edit(this);
        edit.done.add(step);
        return edit.build();
    }

    /** The same stopped, and why; but for a cancellation, what a person wanted is to be asked for again. */
    public DatabaseStatus failed(String why, Instant now) {
        Edit edit = new Edit(this).move(DatabaseState.FAILED, now);
        edit.reason = Optional.of(why);
        edit.wish = wish.filter(Wish.CANCEL::equals);
        return edit.build();
    }

    /** The fence was lifted: back to following the source; a person has to ask again. */
    public DatabaseStatus cutoverGivenUp(String why, Instant now) {
        Edit edit = new Edit(this).move(DatabaseState.CATCHING_UP, now);
        edit.done.remove(Step.IN_SYNC);
        edit.reason = Optional.of(why);
        edit.cutoverRequested = false;
        edit.plan = cutoverPlan.withdrawn(Optional.empty());
        return edit.build();
    }

    /** The same with another reason. */
    public DatabaseStatus because(Optional<String> why) {
        Edit edit = new Edit(this);
        edit.reason = why;
        return edit.build();
    }

    /** The same with a cutover wanted, as soon as it can begin. */
    public DatabaseStatus withCutoverRequested() {
        return withCutoverRequested(Optional.empty(), Optional.empty(), List.of());
    }

    /** The same with a cutover wanted; what was arranged before is forgotten, unless it has begun. */
    public DatabaseStatus withCutoverRequested(Optional<Instant> from, Optional<Instant> until, List<String> together) {
        if (cutsOver()) {
            return this;
        }
        Edit edit = new Edit(this);
        edit.cutoverRequested = true;
        edit.plan = cutoverPlan.wanted(from, until, together);
        return edit.build();
    }

    /** The same with other arrangements for the cutover. */
    public DatabaseStatus withPlan(CutoverPlan plan) {
        Edit edit = new Edit(this);
        edit.plan = plan;
        return edit.build();
    }

    /** Whether the cutover has begun and is not decided. */
    public boolean cutsOver() {
        return !done.contains(Step.CUTOVER) && (state == DatabaseState.CUTTING_OVER || done.contains(Step.IN_SYNC));
    }

    /**
     * Why there is no cutover to be aborted; empty if there is.
     *
     * @param byItself whether one would begin without anybody asking
     */
    public Optional<String> abortRefusal(boolean byItself) {
        if (rollsBack()) {
            return Optional.empty();
        }
        if (fallback.flatMap(Fallback::rollback).isPresent()) {
            return Optional.of("the rollback is completed: the old source is the one to write to");
        }
        if (done.contains(Step.CUTOVER)) {
            return Optional.of("the cutover is completed: the target is the one to write to, and abort does not change"
                    + " that any more");
        }
        return cutsOver()
                        || cutoverRequested
                        || (byItself && cutoverPlan.abortedBy().isEmpty())
                ? Optional.empty()
                : Optional.of("no cutover is wanted or under way");
    }

    /** Whether the old source follows the target, which is the one to write to. */
    public boolean followsBack() {
        return state == DatabaseState.COMPLETED
                && fallback.filter(back -> back.phase() == Fallback.Phase.FOLLOWING)
                        .isPresent();
    }

    /** Whether a rollback is wanted, or has begun and is not decided. */
    public boolean rollsBack() {
        return state == DatabaseState.ROLLING_BACK
                || fallback.filter(Fallback::requested).isPresent();
    }

    /** The same with its cutover or rollback not wanted any more: one that has begun is undone by who leads it. */
    public DatabaseStatus aborted(String who) {
        if (rollsBack()) {
            return with(fallback.map(back -> back.aborted(who)));
        }
        if (cutoverPlan.abortedBy().isPresent() && !cutoverRequested) {
            return this;
        }
        Edit edit = new Edit(this);
        edit.cutoverRequested = false;
        edit.plan = cutoverPlan.withdrawn(Optional.of(who));
        return edit.build();
    }

    /** Whether a cutover or a rollback that has begun is being undone because somebody has aborted it. */
    public boolean abortIsUnderWay() {
        return state == DatabaseState.ROLLING_BACK
                ? fallback.flatMap(Fallback::abortedBy).isPresent()
                : cutsOver() && cutoverPlan.abortedBy().isPresent();
    }

    /** The same with a cutover that could not begin in its time. */
    public DatabaseStatus cutoverLapsed(String why) {
        Edit edit = new Edit(this);
        edit.cutoverRequested = false;
        edit.plan = cutoverPlan.withdrawn(Optional.empty());
        edit.reason = Optional.of(why);
        return edit.build();
    }

    /** The same switched, with what the cutover did; as it is, if somebody has aborted it before. */
    public DatabaseStatus switched(CutoverResult result, Instant now) {
        return cutoverPlan.abortedBy().isPresent()
                ? this
                : with(Step.CUTOVER).withCutover(result).moved(DatabaseState.COMPLETED, now);
    }

    /** The same with the position at which the load had ended. */
    public DatabaseStatus withLoadedLsn(String lsn) {
        Edit edit = new Edit(this);
        edit.loadedLsn = Optional.of(lsn);
        return edit.build();
    }

    /** The same with what the cutover did. */
    public DatabaseStatus withCutover(CutoverResult result) {
        Edit edit = new Edit(this);
        edit.cutover = Optional.of(result);
        return edit.build();
    }

    /** The same with what the comparison found. */
    public DatabaseStatus withComparison(ComparisonResult result) {
        Edit edit = new Edit(this);
        edit.comparison = Optional.of(result);
        return edit.build();
    }

    /** The same with what is kept for an auditor. */
    public DatabaseStatus withEvidence(UnaryOperator<Evidence> more) {
        Edit edit = new Edit(this);
        edit.evidence = more.apply(evidence);
        return edit.build();
    }

    /** The same with a run of a hook: a new one, or one that is known as it is now. */
    public DatabaseStatus with(HookRun run) {
        Edit edit = new Edit(this);
        edit.hooks.removeIf(run::isSame);
        edit.hooks.add(run);
        edit.hooks.subList(0, Math.max(0, edit.hooks.size() - HOOKS)).clear();
        return edit.build();
    }

    /** When it was put into a state the last time; empty if it never was. */
    public Optional<Instant> lastEntered(DatabaseState wanted) {
        return timeline.stream()
                .filter(entered -> entered.state() == wanted)
                .map(Transition::at)
                .reduce((one, later) -> later);
    }

    /** Why no table can be loaded again now; empty if it can. */
    public Optional<String> reloadRefusal() {
        if (state == DatabaseState.CANCELLED || done.contains(Step.IN_SYNC)) {
            return Optional.of("the state is " + state + ", and the cutover has begun or nothing goes on");
        }
        if (state == DatabaseState.PAUSED || state == DatabaseState.STOPPED) {
            return Optional.of("the state is " + state + ": resume it first");
        }
        return done.contains(FIRST_LOAD)
                ? Optional.empty()
                : Optional.of("the state is " + state + ", and not all tables were loaded for the first time yet");
    }

    /** Why nothing may be altered on the target for this pair; empty if it may. */
    public Optional<String> ddlRefusal() {
        return state == DatabaseState.CANCELLED || done.contains(Step.IN_SYNC)
                ? Optional.of("the state is " + state + ", and the cutover has begun or nothing goes on")
                : Optional.empty();
    }

    /** The same with a table to be loaded again. */
    public DatabaseStatus withReload(Collection<TableName> tables) {
        Edit edit = new Edit(this);
        edit.reloads.addAll(tables);
        return edit.build();
    }

    /** The same without a table to be loaded again, which is not possible. */
    public DatabaseStatus withoutReload(TableName table) {
        Edit edit = new Edit(this);
        edit.reloads.remove(table);
        return edit.build();
    }

    /** The same with a table in the queue of loads: it is waited for, and that the stream has caught up. */
    public DatabaseStatus reloading(TableName begun, Instant now) {
        Edit edit = new Edit(this).move(DatabaseState.FULL_LOAD, now);
        // a table that is new on the source may have foreign keys
        edit.done.removeAll(Set.of(Step.LOAD, Step.APPLY, Step.FOREIGN_KEYS, Step.IN_SYNC));
        edit.reloads.remove(begun);
        edit.cutoverRequested = false;
        edit.plan = cutoverPlan.withdrawn(Optional.empty());
        return edit.build();
    }

    /** Why it cannot be forgotten; empty if nothing is left of what was made for it. */
    public Optional<String> deletionRefusal() {
        boolean nothingMade = state == DatabaseState.CREATED && done.isEmpty() && wish.isEmpty();
        return nothingMade || state == DatabaseState.CANCELLED || finished.orElse(false)
                ? Optional.empty()
                : Optional.of("the state is " + state + ": cancel it first, or finish it when it is completed");
    }

    /** The same with something that a person wants; a cutover that was asked for before is not wanted any more. */
    public DatabaseStatus wishing(Wish wanted) {
        Edit edit = new Edit(this);
        edit.wish = Optional.of(wanted);
        edit.abandoned = Abandoned.NONE;
        edit.cutoverRequested = false;
        edit.plan = cutoverPlan.withdrawn(Optional.empty());
        return edit.build();
    }

    /**
     * The same to be cancelled, or finished, without servers that are gone for ever. A cutover that is under way is
     * aborted.
     */
    public DatabaseStatus wishing(Wish wanted, Set<Side> gone, String who) {
        Edit edit = new Edit(wishing(wanted));
        edit.abandoned = new Abandoned(gone, List.of());
        if (!gone.isEmpty() && !done.contains(Step.CUTOVER)) {
            edit.plan = cutoverPlan.withdrawn(Optional.of(who));
        }
        return edit.build();
    }

    /** The same with what stays on the servers that are gone. */
    public DatabaseStatus withLeft(List<String> left) {
        Edit edit = new Edit(this);
        edit.abandoned = abandoned.with(left);
        return edit.build();
    }

    /** The same, and nothing is wanted. */
    public DatabaseStatus withoutWish() {
        Edit edit = new Edit(this);
        edit.wish = Optional.empty();
        return edit.build();
    }

    /** The same with what a person wanted done: in the state that it leads to. */
    public DatabaseStatus granted(Wish granted, Instant now) {
        Edit edit = new Edit(this);
        switch (granted) {
            case PAUSE -> edit.move(DatabaseState.PAUSED, now);
            case STOP -> edit.move(DatabaseState.STOPPED, now);
            case RESUME -> nextStep().ifPresent(step -> edit.move(step.state(), now));
            case CANCEL -> {
                edit.move(DatabaseState.CANCELLED, now);
                edit.fallback = Optional.empty();
            }
            case FINISH -> {
                edit.finished = Optional.of(true);
                edit.fallback = fallback.map(back -> back.moved(Fallback.Phase.ENDED));
            }
        }
        edit.wish = Optional.empty();
        if (!abandoned.left().isEmpty()) {
            edit.reason = Optional.of(abandoned.words());
        }
        return edit.build();
    }

    /** The same with a way back that begins. */
    public DatabaseStatus withFallbackBegun() {
        return with(Optional.of(Fallback.begun()));
    }

    /** The same with every change of the target behind a marker captured. */
    public DatabaseStatus withFallbackArmed(String marker) {
        return with(Optional.of(fallback.orElseGet(Fallback::begun).armed(marker)));
    }

    /** The same without a way back: what was made for it is gone. */
    public DatabaseStatus withoutFallback() {
        return with(Optional.empty());
    }

    /** The same with a step of the way back done that leads to this phase. */
    public DatabaseStatus withFallback(Fallback.Phase phase) {
        return with(fallback.map(back -> back.moved(phase)));
    }

    /** Why nobody can ask for the way back now; empty if they can. */
    public Optional<String> rollbackRefusal() {
        if (fallback.isEmpty()) {
            return Optional.of("there is no way back: spec.fallback.enabled was not set before the cutover");
        }
        if (wish.isPresent()
                || state != DatabaseState.COMPLETED
                || !fallback.get().canBeRequested()) {
            return Optional.of("the state is " + state + ", and the way back is "
                    + fallback.get().phase() + (fallback.get().requested() ? ", and is asked for already" : ""));
        }
        return Optional.empty();
    }

    /** The same with the way back wanted. */
    public DatabaseStatus withRollbackRequested() {
        return with(fallback.map(back -> back.requesting(true)));
    }

    /** The fence was lifted: back to following the target; a person has to ask again. */
    public DatabaseStatus rollbackGivenUp(String why, Instant now) {
        Edit edit = new Edit(with(fallback.map(back -> back.requesting(false)))).move(DatabaseState.COMPLETED, now);
        edit.reason = Optional.of(why);
        return edit.build();
    }

    /** The same with the old source as the one to write to; as it is, if somebody has aborted it before. */
    public DatabaseStatus rolledBack(CutoverResult result, Instant now) {
        if (fallback.flatMap(Fallback::abortedBy).isPresent()) {
            return this;
        }
        return new Edit(with(fallback.map(back -> back.switched(result))))
                .move(DatabaseState.ROLLED_BACK, now)
                .build();
    }

    /** The same with what the comparison after the way back found. */
    public DatabaseStatus comparedBack(ComparisonResult result) {
        return with(fallback.map(back -> back.compared(result)));
    }

    private DatabaseStatus with(Optional<Fallback> back) {
        Edit edit = new Edit(this);
        edit.fallback = back;
        return edit.build();
    }

    /** A copy to be changed. */
    private static final class Edit {

        private final DatabasePair pair;
        private final List<Transition> timeline;
        private final Set<Step> done;
        private final Set<TableName> reloads;
        private DatabaseState state;
        private Optional<String> reason;
        private boolean cutoverRequested;
        private Optional<String> loadedLsn;
        private Optional<CutoverResult> cutover;
        private Optional<ComparisonResult> comparison;
        private Optional<Wish> wish;
        private Optional<Boolean> finished;
        private CutoverPlan plan;
        private Evidence evidence;
        private Abandoned abandoned;
        private Optional<Fallback> fallback;
        private final List<HookRun> hooks;

        Edit(DatabaseStatus status) {
            pair = status.pair;
            timeline = new ArrayList<>(status.timeline);
            done = EnumSet.noneOf(Step.class);
            done.addAll(status.done);
            reloads = new HashSet<>(status.reloads);
            state = status.state;
            reason = status.reason;
            cutoverRequested = status.cutoverRequested;
            loadedLsn = status.loadedLsn;
            cutover = status.cutover;
            comparison = status.comparison;
            wish = status.wish;
            finished = status.finished;
            plan = status.cutoverPlan;
            evidence = status.evidence;
            abandoned = status.abandoned;
            fallback = status.fallback;
            hooks = new ArrayList<>(status.hooks);
        }

        Edit move(DatabaseState next, Instant now) {
            if (next != state) {
                timeline.add(new Transition(next, now));
            }
            state = next;
            reason = Optional.empty();
            return this;
        }

        DatabaseStatus build() {
            return new DatabaseStatus(
                    pair,
                    state,
                    timeline,
                    done,
                    reason,
                    cutoverRequested,
                    loadedLsn,
                    cutover,
                    comparison,
                    reloads,
                    wish,
                    finished,
                    plan,
                    evidence,
                    abandoned,
                    fallback,
                    hooks);
        }
    }
}
