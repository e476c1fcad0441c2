package io.changeover.migration;

import io.changeover.postgres.TableName;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be done next for a database pair. {@link #next} decides it from what is remembered and what was seen, and
 * from nothing else; the first line that holds counts:
 *
 * <table>
 * <caption>Decisions, and the states that they lead to</caption>
 * <tr><th>holds</th><th>action</th><th>then</th></tr>
 * <tr><td>a person wants the pair to end without a server that is gone for ever</td><td>{@link Obey}</td><td>CANCELLED, or
 *     finished</td></tr>
 * <tr><td>CUTTING_OVER, and whoever led it has died</td><td>{@link RollBack}</td><td>CATCHING_UP</td></tr>
 * <tr><td>ROLLING_BACK, and whoever led it has died</td><td>{@link GoBack} UNDO</td><td>COMPLETED</td></tr>
 * <tr><td>a person wants something</td><td>{@link Obey}</td><td>PAUSED, STOPPED, CANCELLED, or after RESUME the state
 *     of the next step; FINISH: finished</td></tr>
 * <tr><td>finished, be it without its source</td><td>{@link Rest}</td><td>as it is</td></tr>
 * <tr><td>CREATED, FAILED, CANCELLED</td><td>{@link Rest}</td><td>a person starts it: the next step's state</td></tr>
 * <tr><td>the way back has something to do that does not wait, see {@link Fallback}</td><td>{@link GoBack}</td><td>as
 *     it is; a rollback that is wanted: ROLLING_BACK, then ROLLED_BACK, or COMPLETED if it is given up</td></tr>
 * <tr><td>the slot is lost, the switch is not made</td><td>{@link Fail}</td><td>FAILED</td></tr>
 * <tr><td>PAUSED, STOPPED</td><td>{@link Watch}</td><td>as it is</td></tr>
 * <tr><td>ROLLED_BACK</td><td>{@link Rest}</td><td>as it is</td></tr>
 * <tr><td>a table is to be loaded again</td><td>{@link Reload}</td><td>FULL_LOAD, without the steps LOAD and APPLY</td></tr>
 * <tr><td>a step is not done</td><td>{@link Perform} the first one</td><td>the step's state; IN_SYNC: CATCHING_UP or
 *     READY_TO_CUTOVER as the target is near; FAILED if it cannot succeed; CATCHING_UP if a cutover is given up</td></tr>
 * <tr><td>all steps are done, and the old source follows the target</td><td>{@link GoBack} FOLLOW</td>
 *     <td>COMPLETED</td></tr>
 * <tr><td>all steps are done</td><td>{@link Rest}</td><td>COMPLETED</td></tr>
 * </table>
 */
public sealed interface Action {

    /**
     * What was seen of a pair.
     *
     * @param orphaned whether nobody can have led the pair's cutover until now: this process has just begun with it
     * @param slotLost why the slot is of no use any more; empty if it is not known to be lost
     * @param backHindered whether the way back could not be started, so that other things come first
     */
    record Seen(boolean orphaned, Optional<String> slotLost, boolean backHindered) {

        public Seen(boolean orphaned, Optional<String> slotLost) {
            this(orphaned, slotLost, false);
        }

        /** Nothing special. */
        public static final Seen NOTHING = new Seen(false, Optional.empty());
    }

    /** Undo what a cutover has left that did not end. */
    record RollBack() implements Action {}

    /** Do what a person wants. */
    record Obey(Wish wish) implements Action {}

    /** Give up, until a person has mended it. */
    record Fail(String why) implements Action {}

    /** Look on, and do nothing. */
    record Watch() implements Action {}

    /** Put tables into the queue of loads. */
    record Reload(Set<TableName> tables) implements Action {

        public Reload {
            tables = Set.copyOf(tables);
        }
    }

    /** Do a step, or see whether it is done. */
    record Perform(Step step) implements Action {}

    /** Do something for the way back. */
    record GoBack(Fallback.Step step) implements Action {}

    /** Nothing, until a person asks for something. */
    record Rest() implements Action {}

    /** Decides. */
    static Action next(DatabaseStatus status, Seen seen) {
        if (status.wish().isPresent() && !status.abandoned().isNone()) {
            return new Obey(status.wish().get()); // what a cutover has left is undone on the server that is there
        }
        if (seen.orphaned() && status.state() == DatabaseState.CUTTING_OVER) {
            return new RollBack();
        }
        if (seen.orphaned() && status.state() == DatabaseState.ROLLING_BACK) {
            return new GoBack(Fallback.Step.UNDO);
        }
        if (status.wish().isPresent()) {
            return new Obey(status.wish().get());
        }
        if (status.finished().orElse(false)) {
            return new Rest();
        }
        return switch (status.state()) {
            case CREATED, FAILED, CANCELLED -> new Rest();
            case PREFLIGHT,
                    SCHEMA,
                    FULL_LOAD,
                    CATCHING_UP,
                    READY_TO_CUTOVER,
                    PAUSED,
                    STOPPED,
                    CUTTING_OVER,
                    COMPLETED,
                    ROLLING_BACK,
                    ROLLED_BACK -> underWay(status, seen);
        };
    }

    private static Action underWay(DatabaseStatus status, Seen seen) {
        Optional<Action> back = Fallback.before(status, seen.backHindered()).map(GoBack::new);
        if (back.isPresent()) {
            return back.get();
        }
        if (seen.slotLost().isPresent() && !status.done().contains(Step.CUTOVER)) {
            return new Fail(seen.slotLost().get());
        }
        if (status.state() == DatabaseState.PAUSED || status.state() == DatabaseState.STOPPED) {
            return new Watch();
        }
        if (status.state() == DatabaseState.ROLLED_BACK) {
            return new Rest();
        }
        if (!status.reloads().isEmpty()) {
            return new Reload(status.reloads());
        }
        return status.nextStep()
                .<Action>map(Perform::new)
                .or(() -> Fallback.after(status).map(GoBack::new))
                .orElseGet(Rest::new);
    }
}
