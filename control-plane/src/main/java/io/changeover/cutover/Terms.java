package io.changeover.cutover;

import io.changeover.fault.CrashPoint;
import io.changeover.spec.CutoverSpec;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * On what terms a cutover is made.
 *
 * @param spec how long it may take, and who fences
 * @param verification what is known of both sides' being equal
 * @param withdrawn who does not want it any more; empty as long as it is wanted
 * @param late why it may not begin any more; asked until the fence is up
 * @param takeOver done with the taking over of the stream
 * @param course is told of the steps
 * @param reached told of every place at which the process may die
 */
public record Terms(
        CutoverSpec spec,
        Verification verification,
        Supplier<Optional<String>> withdrawn,
        Supplier<Optional<String>> late,
        TakeOver takeOver,
        Course course,
        Consumer<CrashPoint> reached) {

    /** Those of a migration. */
    public static Terms of(CutoverSpec spec, Verification verification, Supplier<Optional<String>> withdrawn) {
        return new Terms(
                spec, verification, withdrawn, Optional::empty, TakeOver.NOTHING, Course.QUIET, CrashPoint::hit);
    }

    /** The same with something to be done when the stream is taken over. */
    public Terms with(TakeOver other) {
        return new Terms(spec, verification, withdrawn, late, other, course, reached);
    }

    /** The same with a time after which the fence is not raised any more. */
    public Terms unless(Supplier<Optional<String>> other) {
        return new Terms(spec, verification, withdrawn, other, takeOver, course, reached);
    }

    /** The same, with somebody who is told of the steps. */
    public Terms with(Course told) {
        return new Terms(spec, verification, withdrawn, late, takeOver, told, reached);
    }

    /** The same with somebody else told of the places at which the process may die. */
    public Terms telling(Consumer<CrashPoint> other) {
        return new Terms(spec, verification, withdrawn, late, takeOver, course, other);
    }

    /** Nothing but a time for the fence, for the drain and for all of it. */
    public static Terms within(Duration time) {
        return of(CutoverSpec.within(time), Verification.NONE, Optional::empty);
    }

    /** How long the way to the fence may take, and the drain. */
    Duration patience() {
        return spec.drainTimeout();
    }
}
