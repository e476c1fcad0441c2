package io.changeover.sink.metrics;

import io.changeover.contract.TableCounts;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * What a task has done since it was started, and what it holds. Written by the thread that applies, once per target
 * transaction and after all that was to be applied; read by any thread.
 */
public final class ApplyFigures {

    private final AtomicLong groups = new AtomicLong();
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong inserts = new AtomicLong();
    private final AtomicLong updates = new AtomicLong();
    private final AtomicLong deletes = new AtomicLong();
    private final AtomicLong truncates = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private volatile long lastCommitMillis = -1;
    private volatile Now now = new Now(0, 0, false, 0, 0, 0);
    private volatile Optional<LongConsumer> timer = Optional.empty();

    /**
     * What there is at a moment.
     *
     * @param heldChanges changes in memory, and one for each complete transaction
     * @param heldBytes about how much memory they take
     * @param largeTransaction whether a transaction is being applied in pieces
     * @param setsTaken tables' changes that were written as sets
     * @param setsRefused those that the server refused as sets
     * @param quarantined tables that are set aside, and one if the stream stands before a change
     */
    public record Now(
            long heldChanges,
            long heldBytes,
            boolean largeTransaction,
            long setsTaken,
            long setsRefused,
            int quarantined) {}

    /**
     * A target transaction has committed.
     *
     * @param sourceTransactions how many it applied
     * @param committedAt when the last of them committed, in microseconds since 1970 by the source's clock; 0 if that
     *     is not known
     * @param nanos how long it took
     */
    public void committed(Collection<TableCounts> counts, int sourceTransactions, long committedAt, long nanos) {
        groups.incrementAndGet();
        transactions.addAndGet(sourceTransactions);
        for (TableCounts each : counts) {
            inserts.addAndGet(each.inserts());
            updates.addAndGet(each.updates());
            deletes.addAndGet(each.deletes());
            truncates.addAndGet(each.truncates());
        }
        lastCommitMillis = committedAt > 0 ? committedAt / 1000 : lastCommitMillis;
        timer.ifPresent(times -> times.accept(nanos));
    }

    /** A failure that passes: the same will be tried again. */
    public void retried() {
        retries.incrementAndGet();
    }

    /** What there is now. */
    public void now(Now look) {
        now = look;
    }

    /** Somebody wants to know how long each target transaction takes, in nanoseconds. */
    void timedBy(LongConsumer times) {
        timer = Optional.of(times);
    }

    long groups() {
        return groups.get();
    }

    long transactions() {
        return transactions.get();
    }

    long inserts() {
        return inserts.get();
    }

    long updates() {
        return updates.get();
    }

    long deletes() {
        return deletes.get();
    }

    long truncates() {
        return truncates.get();
    }

    long retries() {
        return retries.get();
    }

    Now now() {
        return now;
    }

    /** How long ago the last applied transaction committed on the source, by both clocks; -1 before the first. */
    long lagMillis(long nowMillis) {
        long last = lastCommitMillis;
        return last < 0 ? -1 : Math.max(0, nowMillis - last);
    }
}
