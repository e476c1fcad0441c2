package io.changeover.capture;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The time from the making of the slot until Connect has stored the first offset. If the task ends in it, slot and
 * stream are made again, and nobody could tell what lies between the first stream and the second: so no transaction is
 * sent before it is over. For one thread.
 */
final class Beginning {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final BooleanSupplier offsetIsStored;
    private boolean isOver;

    /**
     * A beginning.
     *
     * @param isOver whether it was over before this start
     * @param offsetIsStored asks Connect
     */
    Beginning(boolean isOver, BooleanSupplier offsetIsStored) {
        this.isOver = isOver;
        this.offsetIsStored = offsetIsStored;
    }

    /** Asks, and pauses if it is not. */
    boolean isOver() throws InterruptedException {
        if (!isOver) {
            isOver = offsetIsStored.getAsBoolean();
            if (!isOver) {
                Thread.sleep(PAUSE.toMillis());
            }
        }
        return isOver;
    }
}
