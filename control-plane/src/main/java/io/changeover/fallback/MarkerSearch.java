package io.changeover.fallback;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import java.util.List;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Looks for the transaction of a marker in a change topic, record by record from its beginning. A transaction that is
 * cut off and sent again is found where it is whole. Not thread-safe, no I/O.
 */
public final class MarkerSearch {

    private final Marker wanted;
    private boolean isInside;
    private Optional<Found> found = Optional.empty();

    /**
     * Where a marker's transaction ends.
     *
     * @param topicOffset of the record that holds its end; what follows it in that record is not known to the reader
     * @param commitLsn of the transaction
     */
    public record Found(long topicOffset, LogSequenceNumber commitLsn) {}

    public MarkerSearch(Marker wanted) {
        this.wanted = wanted;
    }

    /** Takes the next record. */
    public void take(long offset, List<ChangeEvent> events) {
        for (ChangeEvent event : events) {
            if (found.isPresent()) {
                return;
            }
            take(offset, event);
        }
    }

    private void take(long offset, ChangeEvent event) {
        if (event instanceof ChangeEvent.Begin) {
            isInside = false;
        } else if (event instanceof ChangeEvent.Message message) {
            isInside |= Marker.of(message).equals(Optional.of(wanted));
        } else if (event instanceof ChangeEvent.End end && isInside) {
            found = Optional.of(new Found(offset, end.commitLsn()));
        }
    }

    /** Where it is; empty if it has not come yet. */
    public Optional<Found> found() {
        return found;
    }
}
