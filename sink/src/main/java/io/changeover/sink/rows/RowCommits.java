package io.changeover.sink.rows;

import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailedChangeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Commits records in as few target transactions as their refusals allow. A record that is refused ends a transaction
 * before it, so that all before it is committed; behind it transactions are small at first, for it may not be the only
 * one. If only the commit tells that something is refused, each record has a transaction of its own. Not thread-safe.
 */
final class RowCommits {

    private static final int FEW = 16;

    private final Connection target;
    private final RowTransaction transaction;
    private final RowQuarantine quarantine;
    private final int most;

    /** Records of the next transaction, after a refusal. */
    private int allowed;

    RowCommits(Connection target, RowTransaction transaction, RowQuarantine quarantine, int most) {
        this.target = target;
        this.transaction = transaction;
        this.quarantine = quarantine;
        this.most = most;
        this.allowed = most;
    }

    /**
     * Commits records, or leaves them out as the quarantine wants it.
     *
     * @return whether something was committed
     * @throws FailedChangeException if the task is to stop: before a record, behind all that is before it; or for a
     *     failure that concerns no single one
     */
    boolean commit(RowBatch batch, Positions positions) throws SQLException, FailedChangeException {
        boolean committed = false;
        Deque<RowBatch.Entry> left = new ArrayDeque<>(batch.entries());
        RowBatch next = batch;
        while (!next.isEmpty()) {
            try {
                transaction.apply(next, positions);
                committed = true;
                next.entries().forEach(entry -> left.removeFirst());
                allowed = Math.min(most, 2 * allowed);
                next = first(left);
            } catch (RowRefusedException e) {
                target.rollback();
                next = without(e, next, left, positions);
            }
        }
        return committed;
    }

    private RowBatch without(
            RowRefusedException refusal, RowBatch tried, Deque<RowBatch.Entry> left, Positions positions)
            throws FailedChangeException {
        if (refusal.isOfCommit() && tried.entries().size() > 1) {
            allowed = 1;
            return first(left);
        } else if (left.getFirst().place().equals(refusal.place())) {
            quarantine.refuse(target, refusal, positions.epoch(refusal.place().topicPartition()));
            allowed = Math.min(allowed, FEW);
            return first(left);
        }
        allowed = 1;
        return before(refusal.place(), left);
    }

    private RowBatch first(Deque<RowBatch.Entry> left) {
        RowBatch batch = new RowBatch();
        Iterator<RowBatch.Entry> entries = left.iterator();
        for (int taken = 0; taken < allowed && entries.hasNext(); taken++) {
            take(entries.next(), batch);
        }
        return batch;
    }

    private RowBatch before(RowChange.Place end, Deque<RowBatch.Entry> left) {
        RowBatch batch = new RowBatch();
        for (RowBatch.Entry entry : left) {
            if (entry.place().equals(end)) {
                break;
            }
            take(entry, batch);
        }
        return batch;
    }

    /** Takes a record into a batch, to be applied or not. */
    void take(RowBatch.Entry entry, RowBatch into) {
        Optional<TableName> held = entry.table().filter(table -> quarantine.holds(table, entry.place()));
        if (held.isPresent()) {
            into.hold(entry, held.get());
        } else {
            into.add(entry);
        }
    }
}
