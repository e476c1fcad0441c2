package io.changeover.cutover;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Is told of the steps of a cutover, and may do something between them. */
@FunctionalInterface
public interface Course {

    /** Does nothing. */
    Course QUIET = (step, time) -> {};

    /**
     * How long it may take.
     *
     * @param left of the freeze, or all of it before it begins
     * @param over says why the cutover is over; asked often by whatever takes its time
     */
    record Time(Duration left, Supplier<Optional<String>> over) {}

    /**
     * A step is about to begin, and so the one before it has ended.
     *
     * @throws CutoverGivenUp if it must not begin
     */
    void entering(String step, Time time) throws CutoverGivenUp;
}
