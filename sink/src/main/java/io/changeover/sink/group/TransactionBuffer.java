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
 * Puts the events of a topic together to whole source transactions and keeps them until they are applied; of a
 * transaction that is too large for that, it hands out pieces. Not thread-safe, no I/O.
 *
 * <p>States and what moves them:
 *
 * <ul>
 *   <li>between transactions: Begin opens one; Started and messages that are no part of a transaction only move the
 *       offset; a change is an error
 *   <li>inside a transaction that is held: changes are kept; End completes it; Begin (the capture crashed and sends it
 *       again) or Started drops it; {@link #next()} makes it a large one when it has reached the limits and nothing
 *       complete is left before it
 *   <li>inside a large transaction: {@link #next()} hands out what has come; End makes it the {@link LastPiece}, or
 *       {@link Abandoned} if it is applied already; Begin or Started make it {@link Abandoned}
 * </ul>
 *
 * <p>A record is taken once: those below {@link #nextOffset()} are ignored, so Connect may redeliver a batch. A
 * transaction is taken once: one whose commit LSN is not above that of its predecessor, or of the target's position, is
 * dropped, so the capture may send it again. Transactions need not end where records end: the offset to start again
 * from is never behind a record that holds something unapplied, and what is applied of the record there is skipped.
 */
public final class TransactionBuffer {

    /** A transaction whose end has not come, all of whose changes are held. */
    private record Unfinished(Origin origin, long beginOffset, Changes changes) {}

    private record Complete(SourceTransaction transaction, long bytes) {}

    private final BufferLimits limits;
    private final LongValues longValues = new LongValues();
    private final long startOffset;
    private final Deque<Complete> complete = new ArrayDeque<>();
    private Optional<LargeTransaction> large = Optional.empty();
    private Optional<Unfinished> unfinished = Optional.empty();
    private long appliedOffset;
    private long nextOffset;
    private LogSequenceNumber lastCommit;

    /** Of what is complete: changes, and one for each transaction. */
    private long completeChanges;

    private long completeBytes;

    /**
     * An empty buffer.
     *
     * @param offset the first record to take; transactions of it that are applied are skipped
     * @param commitLsn of the last applied transaction
     */
    public TransactionBuffer(long offset, LogSequenceNumber commitLsn, BufferLimits limits) {
        this.limits = limits;
        startOffset = offset;
        appliedOffset = offset;
        nextOffset = offset;
        lastCommit = commitLsn;
    }

    /** The first record that has not been taken. */
    public long nextOffset() {
        return nextOffset;
    }

    /** How many changes are held, and one for each complete transaction. */
    public long heldChanges() {
        return completeChanges
                + large.map(each -> each.held().count()).orElse(0)
                + unfinished.map(each -> each.changes().count()).orElse(0);
    }

    /** About how much memory they take. */
    public long heldBytes() {
        return completeBytes
                + large.map(each -> each.held().bytes()).orElse(0L)
                + unfinished.map(each -> each.changes().bytes()).orElse(0L);
    }

    /** Whether to do what {@link #next()} says before more is taken. */
    public boolean isFull() {
        return limits.areReached(heldChanges(), heldBytes());
    }

    /**
     * Takes the record at an offset, if it has not been taken.
     *
     * @param events what is in it, in order
     * @throws IllegalStateException if the order of the contract is broken, or the topic is another one than that in
     *     which the position was stored
     */
    public void take(long offset, List<ChangeEvent> events) {
        if (offset < nextOffset) {
            requireSameTopic(offset, events);
            return;
        }
        nextOffset = offset + 1;
        int first = offset == startOffset ? lengthOfAppliedTail(events) : 0;
        for (int i = first; i < events.size(); i++) {
            boolean last = i == events.size() - 1;
            ChangeEvent whole = longValues.take(events.get(i));
            if (whole != null) {
                take(whole, offset, last ? nextOffset : offset);
            }
        }
    }

    /**
     * What to do next. A piece is handed out once; a group until {@link #applied} says that it is done.
     *
     * @return empty if nothing is left to do
     */
    public Optional<Step> next() {
        if (large.isEmpty() && complete.isEmpty()) {
            large = unfinished
                    .filter(each -> limits.areReached(
                            each.changes().count(), each.changes().bytes()))
                    .map(each -> new LargeTransaction(each.origin(), each.changes()));
            unfinished = large.isPresent() ? Optional.empty() : unfinished;
        }
        return large.isPresent() ? nextOf(large.get()) : nextGroup();
    }

    /**
     * Forgets what the target holds.
     *
     * @param offset the target's position in the topic
     * @param commitLsn of the last applied transaction
     */
    public void applied(long offset, LogSequenceNumber commitLsn) {
        while (!complete.isEmpty()
                && complete.getFirst().transaction().commitLsn().compareTo(commitLsn) <= 0) {
            Complete first = complete.removeFirst();
            completeChanges -= 1 + first.transaction().changes().size();
            completeBytes -= first.bytes();
        }
        appliedOffset = offset;
    }

    private void take(ChangeEvent event, long offset, long offsetAfter) {
        if (event instanceof ChangeEvent.Begin begin) {
            cutOff();
            unfinished = Optional.of(new Unfinished(new Origin(begin.xid(), lastCommit, false), offset, new Changes()));
        } else if (event instanceof ChangeEvent.Started) {
            cutOff();
        } else if (event instanceof ChangeEvent.End end) {
            end(end, offsetAfter);
        } else if (unfinished.isPresent()) {
            unfinished.get().changes().add(event);
        } else if (isInsideLarge()) {
            large.orElseThrow().add(event);
        } else if (!(event instanceof ChangeEvent.Message)) {
            throw new IllegalStateException("A change lies outside of a transaction");
        }
    }

    private void end(ChangeEvent.End end, long offsetAfter) {
        boolean isNew = end.commitLsn().compareTo(lastCommit) > 0;
        if (unfinished.isPresent()) {
            Changes changes = unfinished.get().changes();
            unfinished = Optional.empty();
            if (isNew) {
                complete.addLast(
                        new Complete(new SourceTransaction(changes.events(), end, offsetAfter), changes.bytes()));
                completeChanges += 1 + changes.count();
                completeBytes += changes.bytes();
            }
        } else if (!isInsideLarge()) {
            throw new IllegalStateException("A transaction ends that has not begun");
        } else if (isNew) {
            large.orElseThrow().end(end, offsetAfter);
        } else {
            large.orElseThrow().abandon();
        }
        lastCommit = isNew ? end.commitLsn() : lastCommit;
    }

    private boolean isInsideLarge() {
        return large.filter(LargeTransaction::isUnderWay).isPresent();
    }

    private void cutOff() {
        unfinished = Optional.empty();
        large.filter(LargeTransaction::isUnderWay).ifPresent(LargeTransaction::abandon);
    }

    private Optional<Step> nextOf(LargeTransaction transaction) {
        Optional<Step> step = transaction.next();
        if (!transaction.isUnderWay()) {
            large = Optional.empty();
        }
        return step;
    }

    private Optional<Step> nextGroup() {
        List<SourceTransaction> transactions = new ArrayList<>();
        int changes = 0;
        for (Complete each : complete) {
            changes += each.transaction().changes().size();
            if (changes > limits.groupChanges() && !transactions.isEmpty()) {
                break;
            }
            transactions.add(each.transaction());
        }
        long end = transactions.size() == complete.size()
                ? unfinished.map(Unfinished::beginOffset).orElse(nextOffset)
                : transactions.get(transactions.size() - 1).nextOffset();
        return !transactions.isEmpty() || end > appliedOffset
                ? Optional.of(new Group(transactions, end))
                : Optional.empty();
    }

    /** The record at the position may begin inside a transaction that is applied: how many events belong to that. */
    private int lengthOfAppliedTail(List<ChangeEvent> events) {
        for (int i = 0; i < events.size(); i++) {
            ChangeEvent event = events.get(i);
            if (event instanceof ChangeEvent.End end) {
                return end.commitLsn().compareTo(lastCommit) <= 0 ? i + 1 : 0;
            } else if (event instanceof ChangeEvent.Begin || event instanceof ChangeEvent.Started) {
                return 0;
            }
        }
        return 0;
    }

    /** Below the position nothing can be newer than the position, unless somebody made the topic anew. */
    private void requireSameTopic(long offset, List<ChangeEvent> events) {
        for (ChangeEvent event : events) {
            if (offset < appliedOffset
                    && event instanceof ChangeEvent.End end
                    && end.commitLsn().compareTo(lastCommit) > 0) {
                throw new IllegalStateException("The topic is not the one that was applied so far: the target has"
                        + " applied everything below offset " + appliedOffset + ", and at offset " + offset
                        + " lies a newer transaction (commit LSN "
                        + end.commitLsn().asString() + ")");
            }
        }
    }
}
