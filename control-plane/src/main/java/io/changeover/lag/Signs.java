package io.changeover.lag;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the servers' sessions show of why changes do not arrive.
 *
 * @param targetIsStandby whether the target takes no writes
 * @param lockWait what the sink waits for; empty if it does not wait
 * @param longest the source's oldest transaction that has written; empty if there is none
 * @param sourceSends in what share of the last looks the source waited for the capture to take what it sent, 0 to 1
 * @param targetReads in what share of the last looks the target waited for the sink to send, within a transaction, 0 to
 *     1
 * @param sourceRoundTrip how long a question to the source took from here
 * @param targetRoundTrip how long a question to the target took from here
 */
public record Signs(
        boolean targetIsStandby,
        Optional<LockWait> lockWait,
        Optional<OpenTransaction> longest,
        double sourceSends,
        double targetReads,
        Duration sourceRoundTrip,
        Duration targetRoundTrip) {

    /** Nothing was seen. */
    public static final Signs NONE =
            new Signs(false, Optional.empty(), Optional.empty(), 0, 0, Duration.ZERO, Duration.ZERO);

    /**
     * The sink waits for a lock.
     *
     * @param waited how long its statement has run
     * @param holders the sessions that hold it, as words; empty if they were gone when they were looked for
     */
    public record LockWait(Duration waited, List<String> holders) {

        public LockWait {
            holders = List.copyOf(holders);
        }
    }

    /**
     * A transaction of the source that has not ended.
     *
     * @param who session or name of a prepared transaction, as words
     * @param prepared whether it is prepared, so that nobody but a person ends it
     * @param open how long it has been seen open; a transaction is as old as that at least
     */
    public record OpenTransaction(String who, boolean prepared, Duration open) {}
}
