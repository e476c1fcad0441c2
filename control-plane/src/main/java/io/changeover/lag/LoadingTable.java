package io.changeover.lag;

import io.changeover.contract.LoadProgress;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** How far the load of a table is, which may be in several parts. Not thread-safe. */
final class LoadingTable {

    private final Map<Integer, LoadProgress> parts = new HashMap<>();
    private final Rate rate = new Rate();
    private int beginning;

    /** Takes what a loader says; of an earlier time of the table it is void. */
    void add(LoadProgress progress) {
        if (progress.beginning() > beginning) {
            parts.clear();
            beginning = progress.beginning();
        }
        if (progress.beginning() == beginning) {
            parts.put(progress.part(), progress);
        }
    }

    /** How fast its rows come; to be told now and then. */
    Rate rate(Instant now) {
        rate.look(now, rows());
        return rate;
    }

    /** Copied so far. */
    long rows() {
        return sum(LoadProgress::rows);
    }

    /** Copied so far, as COPY carries them. */
    long bytes() {
        return sum(LoadProgress::bytes);
    }

    private long sum(ToLongFunction<LoadProgress> number) {
        return parts.values().stream().mapToLong(number).sum();
    }
}
