package io.changeover.sink.group;

/**
 * How much a buffer holds.
 *
 * @param groupChanges changes in a group of several source transactions at most
 * @param changes changes in memory at most; a source transaction that reaches it alone is applied in pieces
 * @param bytes the same in bytes, by {@link ChangeSize}
 */
public record BufferLimits(int groupChanges, int changes, long bytes) {

    boolean areReached(long heldChanges, long heldBytes) {
        return heldChanges >= changes || heldBytes >= bytes;
    }
}
