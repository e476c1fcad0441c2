package io.changeover.lag;

import java.time.Duration;
import java.util.Optional;

/**
 * How fast the load is, over the last ten seconds.
 *
 * @param bytesPerSecond as COPY carries them
 * @param rest how long it will take at this rate, by the source's estimates; empty if nothing moves
 */
public record LoadSpeed(double rowsPerSecond, double bytesPerSecond, Optional<Duration> rest) {

    /** Nothing is known. */
    public static final LoadSpeed NONE = new LoadSpeed(0, 0, Optional.empty());
}
