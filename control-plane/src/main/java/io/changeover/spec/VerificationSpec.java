package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Duration;

/**
 * How rows are verified while changes flow.
 *
 * @param mode what it means for the cutover
 * @param parallelism how many parts are compared at once: as many connections to each side, and two more
 * @param dutyPercent of the time in which each of them is busy; it rests the remainder
 * @param every how long after a verification of all tables the next one begins by itself
 */
public record VerificationSpec(
        VerificationMode mode,
        int parallelism,
        int dutyPercent,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Duration every) {

    /** Two at once, busy half of the time, every six hours; the cutover does not wait for it. */
    public static final VerificationSpec DEFAULT =
            new VerificationSpec(VerificationMode.OPTIONAL, 2, 50, Duration.ofHours(6));
}
