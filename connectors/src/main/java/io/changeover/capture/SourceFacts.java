package io.changeover.capture;

import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What the capture needs to know of the source before it reads on.
 *
 * @param systemIdentifier of the server's data, the same on its standbys and restored copies
 * @param timeline the WAL's branch; a promotion or a restore to an earlier moment begins another
 * @param writePosition where the server writes
 * @param slot our replication slot, if it is there
 * @param publication what our publication publishes, as text that changes when it is altered; empty if it is not there
 */
record SourceFacts(
        String systemIdentifier,
        long timeline,
        LogSequenceNumber writePosition,
        Optional<Slot> slot,
        Optional<String> publication) {

    /**
     * A replication slot.
     *
     * @param confirmedFlush what its reader has confirmed; the server cannot send what lies before
     * @param lost why the WAL that it needs is not there any more; empty if it is
     * @param reader the process of the server that sends it to somebody now; empty if nobody reads it
     */
    record Slot(LogSequenceNumber confirmedFlush, Optional<String> lost, Optional<Integer> reader) {}
}
