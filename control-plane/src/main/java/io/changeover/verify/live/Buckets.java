package io.changeover.verify.live;

/**
 * How many groups the keys of a table fall into by a hash, where ranges would not mean the same on both sides.
 *
 * @param count a power of two
 */
record Buckets(int count) {

    private static final int ROWS = 256;
    private static final int MOST = 1 << 18;

    /** So many that a bucket has a few hundred rows, if that does not become too much to keep. */
    static Buckets forRows(long rows) {
        long wanted = Math.max(1, Math.min(MOST, rows / ROWS));
        return new Buckets(
                (int) Math.min(MOST, Long.highestOneBit(wanted) * (wanted == Long.highestOneBit(wanted) ? 1 : 2)));
    }

    long mask() {
        return count - 1L;
    }

    /** Where a key falls, if it is done here. */
    int of(RowKey key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (count - 1);
    }
}
