package io.changeover.bench.apply;

import java.util.Arrays;

/**
 * When numbered transactions were committed and when they were first seen. One thread commits, another one sees; what
 * it has learned is asked for when both have ended.
 */
final class Latencies {

    private final long[] committedNanos;
    private final long[] seenNanos;
    private int seen;

    /**
     * For some transactions, numbered from 1.
     *
     * @param transactions how many
     */
    Latencies(int transactions) {
        committedNanos = new long[transactions];
        seenNanos = new long[transactions];
    }

    /** Notes the moment just before a commit. */
    void commits(int number, long nanos) {
        committedNanos[number - 1] = nanos;
    }

    /** Notes the moment at which a number was found, and with it all before it that were not. */
    void sees(int number, long nanos) {
        while (seen < number) {
            seenNanos[seen++] = nanos;
        }
    }

    /** Whether all were seen. */
    boolean isComplete() {
        return seen == seenNanos.length;
    }

    /**
     * The time within which a share of the transactions was seen.
     *
     * @param percent from 1 to 100
     * @return milliseconds
     */
    double millis(int percent) {
        long[] nanos = new long[seen];
        Arrays.setAll(nanos, i -> seenNanos[i] - committedNanos[i]);
        Arrays.sort(nanos);
        int rank = (int) Math.ceil(percent / 100.0 * nanos.length);
        return nanos[rank - 1] / 1e6;
    }
}
