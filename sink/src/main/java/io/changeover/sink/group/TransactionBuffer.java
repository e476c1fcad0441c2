package io.changeover.sink.group;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.LongValues;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Puts the events of a topic together to whole source transactions and keeps them until they are applied. Not
 * thread-safe, no I/O.
 *
 * <p>States and what moves them:
 *
 * <ul>
 *   <li>between transactions: Begin opens one; Started and messages that are no part of a transaction only move the
 *       offset; a change is an error
 *   <li>inside a transaction: changes are kept; End completes it; Begin (the capture crashed and sends it again) or
 *       Started drops it
 * </ul>
 *
 * <p>A record is taken once: those below {@link #nextOffset()} are ignored, so Connect may redeliver a batch. A
 * transaction is taken once: one whose commit LSN is not above that of its predecessor, or of the target's position, is
 * dropped, so the capture may send it again.
 */
public final class TransactionBuffer {

    private final Deque<SourceTransaction> complete = new ArrayDeque<>();
    private final LongValues pieces = new LongValues();
    private Optional<List<ChangeEvent>> unfinished = Optional.empty();
    private long appliedOffset;
    private long settledOffset;
    private long nextOffset;
    private LogSequenceNumber lastCommit;

    /**
     * An empty buffer.
     *
     * @param offset the first record to take
     * @param commitLsn of the last applied transaction
     */
    public TransactionBuffer(long offset, LogSequenceNumber commitLsn) {
        appliedOffset = offset;
        settledOffset = offset;
        nextOffset = offset;
        lastCommit = commitLsn;
    }

    /** The first record that has not been taken. */
    public long nextOffset() {
        return nextOffset;
    }

    /**
     * Takes the events of the record at an offset, if it has not been taken.
     *
     * @throws IllegalStateException if the order of the contract is broken, or the topic is another one than that in
     *     which the position was stored
     */
    public void take(long offset, List<ChangeEvent> events) {
        if (offset < nextOffset) {
            events.forEach(event -> requireSameTopic(offset, event));
            return;
        }
        nextOffset = offset + 1;
        for (int i = 0; i < events.size(); i++) {
            ChangeEvent event = pieces.take(events.get(i));
            if (event != null) {
                take(event, i == events.size() - 1 ? nextOffset : offset);
            }
        }
    }

    private void take(ChangeEvent event, long after) {
        if (event instanceof ChangeEvent.Begin) {
            unfinished = Optional.of(new ArrayList<>());
        } else if (event instanceof ChangeEvent.End end) {
            complete(end, after);
        } else if (event instanceof ChangeEvent.Started) {
            unfinished = Optional.empty();
            settledOffset = after;
        } else if (unfinished.isPresent()) {
            unfinished.get().add(event);
        } else {
            takeOutside(event, after);
        }
    }

    /**
     * What to apply next.
     *
     * @param maxChanges how many changes; a transaction that has more is a group of its own
     * @return empty if nothing is left to do
     */
    public Optional<Group> next(int maxChanges) {
        List<SourceTransaction> transactions = new ArrayList<>();
        int changes = 0;
        for (SourceTransaction transaction : complete) {
            changes += transaction.changes().size();
            if (changes > maxChanges && !transactions.isEmpty()) {
                break;
            }
            transactions.add(transaction);
        }
        long end = transactions.size() == complete.size()
                ? settledOffset
                : transactions.get(transactions.size() - 1).nextOffset();
        return end > appliedOffset || !transactions.isEmpty()
                ? Optional.of(new Group(transactions, end))
                : Optional.empty();
    }

    /**
     * Forgets what the target holds.
     *
     * @param offset the target's position in the topic
     * @param commitLsn of the last applied transaction
     */
    public void applied(long offset, LogSequenceNumber commitLsn) {
        while (!complete.isEmpty() && complete.getFirst().commitLsn().compareTo(commitLsn) <= 0) {
            complete.removeFirst();
        }
        appliedOffset = offset;
    }

    private void complete(ChangeEvent.End end, long after) {
        List<ChangeEvent> changes =
                unfinished.orElseThrow(() -> new IllegalStateException("A transaction ends that has not begun"));
        unfinished = Optional.empty();
        settledOffset = after;
        if (end.commitLsn().compareTo(lastCommit) > 0) {
            lastCommit = end.commitLsn();
            complete.addLast(new SourceTransaction(changes, end, after));
        }
    }

    private void takeOutside(ChangeEvent event, long after) {
        if (!(event instanceof ChangeEvent.Message)) {
            throw new IllegalStateException("A change lies outside of a transaction");
        }
        settledOffset = after;
    }

    /** Below the position nothing can be newer than the position, unless somebody made the topic anew. */
    private void requireSameTopic(long offset, ChangeEvent event) {
        if (offset < appliedOffset
                && event instanceof ChangeEvent.End end
                && end.commitLsn().compareTo(lastCommit) > 0) {
            throw new IllegalStateException("The topic is not the one that was applied so far: the target has applied"
                    + " everything below offset " + appliedOffset + ", and at offset " + offset
                    + " lies a newer transaction (commit LSN " + end.commitLsn().asString() + ")");
        }
    }
}
