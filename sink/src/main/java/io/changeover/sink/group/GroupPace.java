package io.changeover.sink.group;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many changes go into a group, so that a target transaction lasts about as long as it may and no longer: what is
 * in it is not visible yet, and holds locks. After a group that took longer the number falls, to the half at least and
 * to what would have been right; after a full one that took less than half of the time it doubles, and if it took less
 * than an eighth, it doubles twice. Not thread-safe.
 */
public final class GroupPace {

    /** To begin with: a group of this size is fast on any target but a very slow one. */
    private static final int FIRST = 1000;

    private final int most;
    private final long longest;
    private final LongSupplier nanos;
    private int changes;
    private long since;

    /**
     * A pace.
     *
     * @param most changes in a group at most
     * @param longest a target transaction's time
     * @param nanos a clock, as {@link System#nanoTime()}
     */
    public GroupPace(int most, Duration longest, LongSupplier nanos) {
        this.most = most;
        this.longest = longest.toNanos();
        this.nanos = nanos;
        this.changes = Math.min(most, FIRST);
    }

    /** Changes for the next group, 1 at least. */
    public int changes() {
        return changes;
    }

    /** A group begins. */
    public void begin() {
        since = nanos.getAsLong();
    }

    /**
     * The group is committed.
     *
     * @param applied how many changes it had; perhaps more than asked for, because a source transaction is whole
     */
    public void commit(int applied) {
        long took = nanos.getAsLong() - since;
        if (took > longest) {
            long right = (long) (applied * ((double) longest / took));
            changes = (int) Math.max(1, Math.min(changes / 2, right));
        } else if (took < longest / 2 && applied >= changes / 2) {
            changes = (int) Math.min(most, (took < longest / 8 ? 4L : 2L) * changes);
        }
    }
}
