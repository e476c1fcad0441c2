package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Duration;
import java.util.Objects;

/**
 * How the cutover goes.
 *
 * @param mode who says when
 * @param drainTimeout how long the fence is tried for, and how long the target may take to apply what is left
 * @param maxFreeze how long all of it may take together, from the fence on; after it the fence is lifted
 * @param fence who keeps applications from writing
 * @param idleFor how long nobody may have written, if the fence is {@link FenceMode#EXTERNAL}
 * @param transactionAge a transaction of the source that has written and is older keeps a cutover from beginning
 */
public record CutoverSpec(
        CutoverMode mode,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Duration drainTimeout,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Duration maxFreeze,
        FenceMode fence,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Duration idleFor,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Duration transactionAge) {

    private static final Duration IDLE_FOR = Duration.ofSeconds(5);
    private static final Duration TRANSACTION_AGE = Duration.ofSeconds(10);

    /** A person says when; the source is fenced for 30 seconds at most. */
    public static final CutoverSpec DEFAULT = new CutoverSpec(CutoverMode.MANUAL, Duration.ofSeconds(30));

    public CutoverSpec {
        // what was stored before there was a choice
        maxFreeze = Objects.requireNonNullElse(maxFreeze, drainTimeout);
        fence = Objects.requireNonNullElse(fence, FenceMode.LOCK);
        idleFor = Objects.requireNonNullElse(idleFor, IDLE_FOR);
        transactionAge = Objects.requireNonNullElse(transactionAge, TRANSACTION_AGE);
    }

    /** One in which only the drain has a time, and the freeze has the same. */
    public CutoverSpec(CutoverMode mode, Duration drainTimeout) {
        this(mode, drainTimeout, drainTimeout, FenceMode.LOCK, IDLE_FOR, TRANSACTION_AGE);
    }

    /** A manual one that may take so long. */
    public static CutoverSpec within(Duration time) {
        return new CutoverSpec(CutoverMode.MANUAL, time);
    }

    /** The same, begun by somebody else. */
    public CutoverSpec withMode(CutoverMode other) {
        return new CutoverSpec(other, drainTimeout, maxFreeze, fence, idleFor, transactionAge);
    }

    /** The same with another time for the freeze. */
    public CutoverSpec withMaxFreeze(Duration other) {
        return new CutoverSpec(mode, drainTimeout, other, fence, idleFor, transactionAge);
    }

    /** The same with another fence. */
    public CutoverSpec withFence(FenceMode other, Duration otherIdleFor) {
        return new CutoverSpec(mode, drainTimeout, maxFreeze, other, otherIdleFor, transactionAge);
    }
}
