package io.changeover.bench.apply;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the number of applied changes grew, as looks at the target found it. Changes appear in steps, a transaction of
 * the target at a time; the work of a step is taken to be spread evenly over the time since the step before. Not
 * thread-safe.
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

    /** The first look, and those that found more than the one before. */
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
        if (last == null || applied > last.getValue()) {
            appliedByMillis.put(millis, applied);
        }
    }

    /**
     * What was applied after the warm-up; empty if all of it came in the first step, whose time is also that of the
     * start.
     *
     * @param warmUp changes that do not count
     * @param all changes there are
     * @throws IllegalStateException if so many were never applied
     */
    Optional<Counted> after(long warmUp, long all) {
        long from = momentOf(warmUp);
        long to = momentOf(all);
        boolean inOneStep = to <= from || appliedByMillis.headMap(to).size() < 2;
        return inOneStep ? Optional.empty() : Optional.of(new Counted(from, to, all - warmUp));
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
