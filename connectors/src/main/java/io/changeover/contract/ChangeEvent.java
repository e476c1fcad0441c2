package io.changeover.contract;

import io.changeover.postgres.TableName;
import java.util.List;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What the change topic says, record by record. The order is: one {@link Started} when the capture begins, then source
 * transactions in commit order, each as {@link Begin}, its changes, {@link End}. A transaction that is followed by
 * another {@link Begin} before its {@link End} was cut off by a crash of the capture and comes again, whole.
 */
public sealed interface ChangeEvent {

    /** The capture has begun: every transaction that commits after {@code consistentPoint} follows. */
    record Started(LogSequenceNumber consistentPoint) implements ChangeEvent {}

    /**
     * A source transaction begins.
     *
     * @param xid the transaction's id, 32 bits
     */
    record Begin(long xid) implements ChangeEvent {}

    /** A row is new. */
    record Insert(TableName table, Tuple after) implements ChangeEvent {}

    /**
     * A row changed.
     *
     * @param before the old key; for a table without a key the old row, all of it
     * @param after the columns that were sent, the key among them
     */
    record Update(TableName table, Tuple before, Tuple after) implements ChangeEvent {}

    /**
     * A row is gone.
     *
     * @param before the key; for a table without a key the old row, all of it
     */
    record Delete(TableName table, Tuple before) implements ChangeEvent {}

    /** A table was emptied. Tables truncated by one statement follow each other. */
    record Truncate(TableName table) implements ChangeEvent {}

    /**
     * A logical message ({@code pg_logical_emit_message}) of ours.
     *
     * @param content see {@link Marker}
     */
    record Message(String prefix, String content) implements ChangeEvent {}

    /**
     * A source transaction has committed.
     *
     * @param commitLsn the end of its commit record; greater than that of every transaction before it
     * @param committedAt when, in microseconds since 1970 by the source's clock
     * @param counts what it changed, by table
     */
    record End(long xid, LogSequenceNumber commitLsn, long committedAt, List<TableCounts> counts)
            implements ChangeEvent {
        public End {
            counts = List.copyOf(counts);
        }
    }
}
