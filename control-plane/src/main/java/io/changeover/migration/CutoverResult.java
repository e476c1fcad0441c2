package io.changeover.migration;

import java.util.List;

/**
 * What the cutover did.
 *
 * @param freezeMillis from the fence to the writable target
 * @param markerLsn where in the source's WAL the marker is: everything before it is on the target
 * @param sequences how many were set
 * @param largeObjects how many were compared and are equal
 * @param phases how long each part of the freeze took, in order
 */
public record CutoverResult(long freezeMillis, String markerLsn, int sequences, long largeObjects, List<Phase> phases) {

    public CutoverResult {
        phases = List.copyOf(phases);
    }

    /** A part of the freeze. */
    public record Phase(String name, long millis) {}
}
