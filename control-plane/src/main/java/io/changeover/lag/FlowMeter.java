package io.changeover.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/** Measures the {@link Flow} from look to look. Not thread-safe. */
final class FlowMeter {

    /** The sink applies a backlog in steps of seconds. */
    private static final Duration WINDOW = Duration.ofSeconds(30);

    /** A target that is less behind than this follows: it is there in the time that it is behind. */
    private static final Duration FOLLOWS = Duration.ofSeconds(1);

    private final Rate captured = new Rate(WINDOW);
    private final Rate applied = new Rate(WINDOW);
    private final Rate source = new Rate(WINDOW);
    private final Rate target = new Rate(WINDOW);

    /**
     * Adds a look.
     *
     * @param appliedChanges all that were applied since the beginning
     * @param pending those that were captured and are not applied
     * @param behind how long the target is behind
     */
    Flow look(
            Instant at,
            long appliedChanges,
            long pending,
            LogSequenceNumber sourceLsn,
            LogSequenceNumber appliedLsn,
            Duration behind) {
        captured.look(at, appliedChanges + pending);
        applied.look(at, appliedChanges);
        source.look(at, sourceLsn.asLong());
        target.look(at, appliedLsn.asLong());
        return new Flow(
                captured.perSecond(),
                applied.perSecond(),
                rest(pending, behind, sourceLsn.asLong() - appliedLsn.asLong()));
    }

    /** By WAL positions, which also count what is not captured yet. */
    private Optional<Duration> rest(long pending, Duration behind, long distance) {
        if (behind.isZero() && pending == 0) {
            return Optional.of(Duration.ZERO);
        }
        if (behind.compareTo(FOLLOWS) < 0) {
            return Optional.of(behind);
        }
        double nearer = target.perSecond() - source.perSecond();
        return nearer <= 0 ? Optional.empty() : Optional.of(Duration.ofMillis((long) (distance * 1000 / nearer)));
    }
}
