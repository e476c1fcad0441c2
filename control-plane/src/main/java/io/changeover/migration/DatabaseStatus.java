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
import java.util.Optional;
import java.util.Set;

/**
 * Everything that is remembered of a database pair. Immutable; its JSON form is what the state topic holds.
 *
 * <p>Transitions: {@code CREATED → PREFLIGHT → SCHEMA → FULL_LOAD → CATCHING_UP ⇄ READY_TO_CUTOVER → CUTTING_OVER →
 * COMPLETED}, each when the steps of the state are done; {@code CUTTING_OVER → CATCHING_UP} when the fence was lifted;
 * {@code CATCHING_UP, READY_TO_CUTOVER → FULL_LOAD} when a table is loaded again; any but {@code COMPLETED → FAILED}
 * when a step cannot succeed; {@code FAILED →} the state of the next step when started again; any before
 * {@code CUTTING_OVER → CANCELLED} by a person.
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
        Set<TableName> reloads) {

    /** From here on a table can be loaded again: the stream is applied, or about to be. */
    private static final Step FIRST_LOAD = Step.INDEXES;

    public DatabaseStatus {
        timeline = List.copyOf(timeline);
        done = Set.copyOf(done);
        reloads = reloads == null ? Set.of() : Set.copyOf(reloads); // one that an earlier version has stored
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
                Set.of());
    }

    /** The first step that is not done, or empty if all are. */
    public Optional<Step> nextStep() {
        return Arrays.stream(Step.values()).filter(step -> !done.contains(step)).findFirst();
    }

    /** Whether nothing more will be done by itself. */
    public boolean atRest() {
        return state == DatabaseState.CREATED
                || state == DatabaseState.FAILED
                || state == DatabaseState.CANCELLED
                || nextStep().isEmpty();
    }

    /** When the present state began. */
    public Instant since() {
        return timeline.get(timeline.size() - 1).at();
    }

    /** The same in another state; the reason is gone. */
    public DatabaseStatus moved(DatabaseState next, Instant now) {
        if (next == state) {
            return because(Optional.empty());
        }
        List<Transition> longer = new ArrayList<>(timeline);
        longer.add(new Transition(next, now));
        return new DatabaseStatus(
                pair, next, longer, done, Optional.empty(), cutoverRequested, loadedLsn, cutover, comparison, reloads);
    }

    /** The same with a step done. */
    public DatabaseStatus with(Step step) {
        Set<Step> more = EnumSet.of(step);
        more.addAll(done);
        return new DatabaseStatus(
                pair, state, timeline, more, reason, cutoverRequested, loadedLsn, cutover, comparison, reloads);
    }

    /** The same stopped, and why. */
    public DatabaseStatus failed(String why, Instant now) {
        return moved(DatabaseState.FAILED, now).because(Optional.of(why));
    }

    /** The fence was lifted: back to following the source; a person has to ask again. */
    public DatabaseStatus cutoverGivenUp(String why, Instant now) {
        Set<Step> fewer = EnumSet.copyOf(done);
        fewer.remove(Step.IN_SYNC);
        DatabaseStatus following = moved(DatabaseState.CATCHING_UP, now);
        return new DatabaseStatus(
                pair,
                following.state,
                following.timeline,
                fewer,
                Optional.of(why),
                false,
                loadedLsn,
                cutover,
                comparison,
                reloads);
    }

    /** The same with another reason. */
    public DatabaseStatus because(Optional<String> why) {
        return new DatabaseStatus(
                pair, state, timeline, done, why, cutoverRequested, loadedLsn, cutover, comparison, reloads);
    }

    /** The same with a cutover wanted. */
    public DatabaseStatus withCutoverRequested() {
        return new DatabaseStatus(pair, state, timeline, done, reason, true, loadedLsn, cutover, comparison, reloads);
    }

    /** The same with the position at which the load had ended. */
    public DatabaseStatus withLoadedLsn(String lsn) {
        return new DatabaseStatus(
                pair, state, timeline, done, reason, cutoverRequested, Optional.of(lsn), cutover, comparison, reloads);
    }

    /** The same with what the cutover did. */
    public DatabaseStatus withCutover(CutoverResult result) {
        return new DatabaseStatus(
                pair,
                state,
                timeline,
                done,
                reason,
                cutoverRequested,
                loadedLsn,
                Optional.of(result),
                comparison,
                reloads);
    }

    /** The same with what the comparison found. */
    public DatabaseStatus withComparison(ComparisonResult result) {
        return new DatabaseStatus(
                pair,
                state,
                timeline,
                done,
                reason,
                cutoverRequested,
                loadedLsn,
                cutover,
                Optional.of(result),
                reloads);
    }

    /** Why no table can be loaded again now; empty if it can. */
    public Optional<String> reloadRefusal() {
        if (state == DatabaseState.CANCELLED || done.contains(Step.IN_SYNC)) {
            return Optional.of("the state is " + state + ", and the cutover has begun or nothing goes on");
        }
        return done.contains(FIRST_LOAD)
                ? Optional.empty()
                : Optional.of("the state is " + state + ", and not all tables were loaded for the first time yet");
    }

    /** The same with a table to be loaded again. */
    public DatabaseStatus withReload(Collection<TableName> tables) {
        Set<TableName> more = new HashSet<>(reloads);
        more.addAll(tables);
        return withReloads(more);
    }

    /** The same without a table to be loaded again, which is not possible. */
    public DatabaseStatus withoutReload(TableName table) {
        Set<TableName> left = new HashSet<>(reloads);
        left.remove(table);
        return withReloads(left);
    }

    /** The same with a table in the queue of loads: it is waited for, and that the stream has caught up. */
    public DatabaseStatus reloading(TableName begun, Instant now) {
        Set<Step> fewer = EnumSet.copyOf(done);
        fewer.removeAll(Set.of(Step.LOAD, Step.APPLY, Step.IN_SYNC));
        DatabaseStatus loading = moved(DatabaseState.FULL_LOAD, now).withoutReload(begun);
        return new DatabaseStatus(
                pair,
                loading.state,
                loading.timeline,
                fewer,
                loading.reason,
                false,
                loadedLsn,
                cutover,
                comparison,
                loading.reloads);
    }

    private DatabaseStatus withReloads(Set<TableName> tables) {
        return new DatabaseStatus(
                pair, state, timeline, done, reason, cutoverRequested, loadedLsn, cutover, comparison, tables);
    }
}
