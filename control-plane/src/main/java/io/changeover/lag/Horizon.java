package io.changeover.lag;

import java.time.Duration;

/**
 * How far the load keeps the source from vacuuming.
 *
 * @param held how long the oldest snapshot of a loader has been held
 * @param transactions how many transactions have begun since the oldest one that some loader's snapshot sees as running
 */
public record Horizon(Duration held, long transactions) {

    /** No snapshot is held. */
    public static final Horizon NONE = new Horizon(Duration.ZERO, 0);
}
