package io.changeover.ledger;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What a copy of a table saw: the answer of {@code pg_current_snapshot()} on the source, and a WAL position read after
 * it. Decides whether the copy already holds a transaction's changes.
 *
 * <p>Every transaction that is visible is in the copy; every other one is in the stream, because it commits after the
 * slot became consistent. Transaction ids in the stream have 32 bits, so they are compared modulo 2<sup>32</sup>, as
 * PostgreSQL does itself.
 */
public final class Snapshot {

    private final int oldestRunning;
    private final int next;
    private final Set<Integer> running;
    private final LogSequenceNumber readAt;

    private Snapshot(int oldestRunning, int next, Set<Integer> running, LogSequenceNumber readAt) {
        this.oldestRunning = oldestRunning;
        this.next = next;
        this.running = running;
        this.readAt = readAt;
    }

    /**
     * Reads {@code xmin:xmax:xid,xid,…}.
     *
     * @param text of {@code pg_current_snapshot()} or {@code txid_current_snapshot()}
     * @param readAt the WAL position read after the snapshot was taken
     * @throws IllegalArgumentException if the text is something else
     */
    public static Snapshot parse(String text, LogSequenceNumber readAt) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("Not a snapshot: " + text);
        }
        Set<Integer> running = parts[2].isEmpty()
                ? Set.of()
                : Arrays.stream(parts[2].split(",", -1))
                        .map(Snapshot::low32)
                        .collect(Collectors.toCollection(HashSet::new));
        return new Snapshot(low32(parts[0]), low32(parts[1]), running, readAt);
    }

    /** A WAL position read after the snapshot was taken: the copy saw no transaction that commits behind it. */
    public LogSequenceNumber readAt() {
        return readAt;
    }

    /**
     * Whether the copy holds what a committed transaction did.
     *
     * @param xid of the transaction, 32 bits
     * @param commitLsn the end of its commit record
     */
    public boolean sees(long xid, LogSequenceNumber commitLsn) {
        if (commitLsn.compareTo(readAt) > 0) {
            return false;
        }
        int id = (int) xid;
        if (id - next >= 0) {
            return false;
        }
        return id - oldestRunning < 0 || !running.contains(id);
    }

    private static int low32(String xid) {
        return (int) Long.parseLong(xid.strip());
    }
}
