package io.changeover.bench.apply;

import java.util.Map;
import java.util.TreeMap;

/**
 * How the number of applied changes grew, as looks at the target found it; between two looks it is taken to have grown
 * evenly. Not thread-safe.
 */
final class Drain {

    /**
     * The part of a run that counts.
     *
     * @param fromMillis when the warm-up was over, in milliseconds since 1970
     * @param toMillis when all changes were applied
     * @param changes in between
     */
    record Counted(long fromMillis, long toMillis, long changes) {

        double changesPerSecond() {
            return changes * 1000.0 / (toMillis - fromMillis);
        }
    }

    /** Only looks that found something new, and the last look before each. */
    private final TreeMap<Long, Long> appliedByMillis = new TreeMap<>();

    /**
     * A look.
     *
     * @param millis since 1970; not before the last one
     * @param applied changes since the beginning; not fewer than the last time
     * @throws IllegalArgumentException if it were fewer
     */
    void look(long millis, long applied) {
        Map.Entry<Long, Long> last = appliedByMillis.lastEntry();
        if (last != null && applied < last.getValue()) {
            throw new IllegalArgumentException("First " + last.getValue() + " changes were applied, then " + applied);
        }
        appliedByMillis.put(millis, applied);
    }

    /**
     * What was applied after the warm-up.
     *
     * @param warmUp changes that do not count
     * @param all changes there are
     * @throws IllegalStateException if the looks were too few to tell
     */
    Counted after(long warmUp, long all) {
        long from = momentOf(warmUp);
        long to = momentOf(all);
        if (to <= from) {
            throw new IllegalStateException("All was applied within a look after the warm-up: measure more changes");
        }
        return new Counted(from, to, all - warmUp);
    }

    /** When so many were applied; the last one's moment is the look that found it. */
    private long momentOf(long applied) {
        Map.Entry<Long, Long> before = null;
        for (Map.Entry<Long, Long> look : appliedByMillis.entrySet()) {
            if (look.getValue() >= applied) {
                return before == null ? look.getKey() : between(before, look, applied);
            }
            before = look;
        }
        throw new IllegalStateException("No look found " + applied + " changes applied");
    }

    private static long between(Map.Entry<Long, Long> before, Map.Entry<Long, Long> after, long applied) {
        double share = (double) (applied - before.getValue()) / (after.getValue() - before.getValue());
        return before.getKey() + Math.round(share * (after.getKey() - before.getKey()));
    }
}
