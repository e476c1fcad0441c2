package io.changeover.migration;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The last verification of all tables of a pair, as it is stored.
 *
 * @param began when it began; empty if there was none
 * @param ended when every table had an outcome; empty if it has not ended yet
 * @param who asked for it
 * @param asked who has asked for another one that has not begun
 * @param seen up to where all changes were asked for, of the tables of which that is known
 */
public record VerificationRun(
        Optional<Instant> began,
        Optional<Instant> ended,
        String who,
        Optional<String> asked,
        Optional<StreamPoint> seen) {

    /** Before the first. */
    public static final VerificationRun NONE =
            new VerificationRun(Optional.empty(), Optional.empty(), "", Optional.empty(), Optional.empty());

    /**
     * A place in the change topic.
     *
     * @param topicId what Kafka tells this topic by from another one of the same name
     * @param offset the first that counts
     */
    public record StreamPoint(String topicId, long offset) {}

    /** The same, begun. */
    public VerificationRun begun(Instant now, String byWhom) {
        return new VerificationRun(Optional.of(now), Optional.empty(), byWhom, Optional.empty(), seen);
    }

    /** The same, ended. */
    public VerificationRun over(Instant now) {
        return new VerificationRun(began, Optional.of(now), who, asked, seen);
    }

    /** The same, with somebody who wants another one. */
    public VerificationRun askedBy(String person) {
        return new VerificationRun(began, ended, who, Optional.of(person), seen);
    }

    /** The same, with another place. */
    public VerificationRun seen(Optional<StreamPoint> point) {
        return new VerificationRun(began, ended, who, asked, point);
    }

    /** Whether it has begun and not ended. */
    public boolean goesOn() {
        return began.isPresent() && ended.isEmpty();
    }

    /** Whether it is time for the next one: so long after the end of the last, or after its begin if it never ended. */
    public boolean isDue(Duration every, Instant now) {
        return ended.or(() -> began)
                .filter(last -> !last.plus(every).isBefore(now))
                .isEmpty();
    }
}
