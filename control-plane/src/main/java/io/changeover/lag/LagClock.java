package io.changeover.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Turns WAL positions into time: remembers where the source was when, and says how long ago it was where the target is
 * now. Needs no clock of any server. Not thread-safe.
 */
final class LagClock {

    private static final int MEMORY = 4096;

    private record Sample(Instant at, LogSequenceNumber lsn) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Remembers a look at the source. */
    void observe(Instant at, LogSequenceNumber sourceLsn) {
        samples.addLast(new Sample(at, sourceLsn));
        if (samples.size() > MEMORY) {
            samples.removeFirst();
        }
    }

    /**
     * How long the target is behind: the age of the oldest look at the source that it has not reached. A target that
     * has reached them all is not behind.
     */
    Duration behind(Instant now, LogSequenceNumber applied) {
        while (samples.size() > 1 && samples.getFirst().lsn().compareTo(applied) <= 0) {
            samples.removeFirst();
        }
        Sample oldest = samples.peekFirst();
        return oldest == null || oldest.lsn().compareTo(applied) <= 0
                ? Duration.ZERO
                : Duration.between(oldest.at(), now);
    }
}
