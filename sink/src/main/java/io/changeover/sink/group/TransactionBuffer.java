package io.changeover.sink.group;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.LongValues;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Puts the events of a topic together to whole source transactions and keeps them until they are applied; of a
 * transaction that is too large for that, it hands out pieces. Not thread-safe, no I/O.
 *
 * <p>States and what moves them:
 *
 * <ul>
 *   <li>between new transactions: Begin opens one; known ones and Started only move the offset
 *   <li>inside a transaction that is held: changes are kept; End completes it; Begin (the capture crashed and sends it
 *       again) or Started drops it; {@link #next()} makes it a large one when it has reached the limits and nothing
 *       complete is left before it
 *   <li>inside a large transaction: {@link #next()} hands out what has come; End makes it the {@link LastPiece}; Begin
 *       or Started make it {@link Abandoned}
 * </ul>
 *
 * <p>A record is taken once: those below {@link #nextOffset()} are ignored, so Connect may redeliver a batch. A
 * transaction is taken once, so the capture may send it again; {@link Chain} knows which are new, and notices what is
 * missing. Transactions need not end where records end: the offset to start again from is never behind a record that
 * holds something unapplied, and what is applied of the record there is passed over. Nor is it behind the beginning of
 * the topic as long as no transaction is applied.
 */
public final class TransactionBuffer {

    /** A transaction whose end has not come, all of whose changes are held. */
    private record Unfinished(Origin origin, long beginOffset, Changes changes) {}

    private record Complete(SourceTransaction transaction, long bytes) {}

    private final BufferLimits limits;
    private final IntSupplier groupChanges;
    private final LongValues longValues = new LongValues();
    private final Chain chain;
    private final Deque<Complete> complete = new ArrayDeque<>();
    private Optional<LargeTransaction> large = Optional.empty();
    private Optional<Unfinished> unfinished = Optional.empty();
    private Optional<Group> announced = Optional.empty();
    private long appliedOffset;
    private long nextOffset;

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
        this(offset, commitLsn, limits, limits::groupChanges);
    }

    /**
     * The same, with groups that may be smaller than the limit.
     *
     * @param groupChanges changes in the next group of several source transactions
     */
    public TransactionBuffer(long offset, LogSequenceNumber commitLsn, BufferLimits limits, IntSupplier groupChanges) {
        this.limits = limits;
        this.groupChanges = groupChanges;
        chain = new Chain(commitLsn);
        appliedOffset = offset;
        nextOffset = offset;
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
     * @throws BrokenStreamException if something is missing, or the topic is another one than that in which the
     *     position was stored
     */
    public void take(long offset, List<ChangeEvent> events) {
        if (offset < appliedOffset) {
            events.forEach(chain::requireKnown);
        }
        if (offset >= nextOffset) {
            nextOffset = offset + 1;
            for (int i = 0; i < events.size(); i++) {
                boolean last = i == events.size() - 1;
                take(events.get(i), offset, last ? nextOffset : offset);
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
     * What {@link #next()} will say when a group is applied.
     *
     * @param group the one that next() says now, or the first part of it
     * @return empty if that is not known yet
     */
    public Optional<Group> following(Group group) {
        int applied = group.transactions().size();
        announced = complete.size() > applied ? Optional.of(groupBehind(applied)) : Optional.empty();
        return announced;
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
        announced = announced.filter(this::isNext);
    }

    private void take(ChangeEvent event, long offset, long offsetAfter) {
        if (event instanceof ChangeEvent.Begin || event instanceof ChangeEvent.Started) {
            cutOff();
        }
        if (chain.isNew(event)) {
            ChangeEvent whole = whole(event);
            if (whole != null) {
                add(whole, offset, offsetAfter);
            }
        }
    }

    private @Nullable ChangeEvent whole(ChangeEvent event) {
        try {
            return longValues.take(event);
        } catch (IllegalStateException e) {
            throw Chain.broken(String.valueOf(e.getMessage()));
        }
    }

    private void add(ChangeEvent event, long offset, long offsetAfter) {
        if (event instanceof ChangeEvent.Begin begin) {
            Origin origin = new Origin(begin.xid(), chain.last(), false);
            unfinished = Optional.of(new Unfinished(origin, offset, new Changes()));
        } else if (event instanceof ChangeEvent.End end) {
            end(end, offsetAfter);
        } else if (unfinished.isPresent()) {
            unfinished.get().changes().add(event);
        } else {
            large.orElseThrow().add(event);
        }
    }

    private void end(ChangeEvent.End end, long offsetAfter) {
        if (unfinished.isPresent()) {
            Changes changes = unfinished.get().changes();
            unfinished = Optional.empty();
            complete.addLast(new Complete(new SourceTransaction(changes.events(), end, offsetAfter), changes.bytes()));
            completeChanges += 1 + changes.count();
            completeBytes += changes.bytes();
        } else {
            large.orElseThrow().end(end, offsetAfter);
        }
    }

    private void cutOff() {
        longValues.clear();
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
        Optional<Group> known = announced.filter(this::isNext);
        if (known.isPresent()) {
            return Optional.of(known.get());
        }
        Group group = groupBehind(0);
        return !group.transactions().isEmpty() || (group.nextOffset() > appliedOffset && chain.hasTransaction())
                ? Optional.of(group)
                : Optional.empty();
    }

    @SuppressWarnings("ReferenceEquality") // the same one, not one that is like it
    private boolean isNext(Group group) {
        return !complete.isEmpty()
                && complete.getFirst().transaction() == group.transactions().get(0);
    }

    /** Of half of what may be held, so that the next one is made ready meanwhile. */
    private Group groupBehind(int skipped) {
        List<SourceTransaction> transactions = new ArrayList<>();
        long changes = 0;
        long bytes = 0;
        int most = groupChanges.getAsInt();
        Iterator<Complete> rest = complete.iterator();
        for (int i = 0; i < skipped; i++) {
            rest.next();
        }
        while (rest.hasNext()) {
            Complete each = rest.next();
            changes += each.transaction().changes().size();
            bytes += each.bytes();
            if (!transactions.isEmpty() && (changes > most || limits.areReached(2 * changes, 2 * bytes))) {
                break;
            }
            transactions.add(each.transaction());
        }
        long end = skipped + transactions.size() == complete.size()
                ? unfinished.map(Unfinished::beginOffset).orElse(nextOffset)
                : transactions.get(transactions.size() - 1).nextOffset();
        return new Group(transactions, end);
    }
}
