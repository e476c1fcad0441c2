package io.changeover.lag;

import java.time.Duration;
import java.util.Optional;

/**
 * How fast changes come and go.
 *
 * @param capturedPerSecond changes that reach the topic, of late
 * @param appliedPerSecond changes that reach the target, of late
 * @param rest how long it takes, at these rates, until the target is where the source is; empty if it does not come
 *     nearer
 */
public record Flow(double capturedPerSecond, double appliedPerSecond, Optional<Duration> rest) {

    /** Nothing moves. */
    public static final Flow NONE = new Flow(0, 0, Optional.empty());
}
