package io.changeover.migration;

import io.changeover.spec.HookDirection;
import io.changeover.spec.HookMoment;
import io.changeover.spec.HookStep;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A hook that was run, or is being run.
 *
 * @param direction whether it is of a cutover or of a rollback
 * @param attempt when the attempt began that it belongs to
 * @param operation the request that the attempt came of; empty if nobody has asked for it
 * @param result in a few words; empty text while it runs
 * @param output the beginning of what it has written or answered
 * @param repeated whether it had been begun before for the same step of the same attempt
 */
public record HookRun(
        HookDirection direction,
        Instant attempt,
        Optional<Long> operation,
        HookMoment at,
        HookStep step,
        String name,
        State state,
        String result,
        String output,
        Instant began,
        long millis,
        boolean repeated) {

    public HookRun {
        direction =
                Objects.requireNonNullElse(direction, HookDirection.CUTOVER); // one that an earlier version has stored
    }

    /** Where it is. */
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        /** It did not end in its time, and was ended. */
        TIMED_OUT,
        /** The cutover was over before, and it was ended. */
        CANCELLED,
        /** The control plane ended, or lost the lead, while it ran. */
        INTERRUPTED
    }

    /** Whether another run is of the same hook, for the same step of the same attempt. */
    public boolean isSame(HookRun other) {
        return direction == other.direction
                && attempt.equals(other.attempt)
                && at == other.at
                && step == other.step
                && name.equals(other.name);
    }

    /** What it was for: {@code before fence: pause}, {@code rollback, before fence: pause}. */
    public String title() {
        String where = direction == HookDirection.ROLLBACK ? direction.word() + ", " : "";
        return where + at.word() + " " + step.word() + ": " + name;
    }

    /** The same at its end. */
    public HookRun ended(State how, String what, String written, long took) {
        return new HookRun(direction, attempt, operation, at, step, name, how, what, written, began, took, repeated);
    }
}
