package io.changeover.contract;

import io.changeover.postgres.TableName;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What the change topic says, record by record. The order is: one {@link Started} when the capture begins, then source
 * transactions in commit order, each as {@link Begin}, its changes, {@link End}. A transaction that is followed by
 * another {@link Begin} before its {@link End} was cut off by a crash of the capture and comes again, whole.
 *
 * <p>The transactions are a chain: each says which one it follows. Whoever has the one with commit LSN {@code x} goes
 * on with the one that begins after {@code x}, and with no other. A transaction that begins after an earlier one is
 * sent again; one that begins after a later one says that something is missing.
 */
public sealed interface ChangeEvent {

    /**
     * The capture has begun: every transaction that commits after {@code consistentPoint} follows. Perhaps several in a
     * row, if it was ended right after its beginning; never behind a transaction.
     */
    record Started(LogSequenceNumber consistentPoint) implements ChangeEvent {}

    /**
     * A source transaction begins.
     *
     * @param xid the transaction's id, 32 bits
     * @param after commit LSN of the transaction before it; of the first one the consistent point
     */
    record Begin(long xid, LogSequenceNumber after) implements ChangeEvent {}

    /** A row is new. */
    record Insert(TableName table, Tuple after) implements ChangeEvent {}

    /**
     * A row changed.
     *
     * @param before the old values of the table's replica identity: its key, or with FULL the whole old row
     * @param after the columns that were sent
     */
    record Update(TableName table, Tuple before, Tuple after) implements ChangeEvent {}

    /**
     * A row is gone.
     *
     * @param before the old values of the table's replica identity: its key, or with FULL the whole old row
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
     * What follows of this table is of this definition. Said before a table's first change of each run of the capture,
     * and again before the first one after it was altered. It travels as a logical message of ours, which a reader that
     * does not know it passes over.
     */
    record Definition(TableDefinition definition) implements ChangeEvent {

        /** The prefix of the message; its content is a {@link DefinitionText}. */
        public static final String PREFIX = "changeover.definition";

        public TableName table() {
            return definition.table();
        }

        /** As it travels. */
        public Message message() {
            return new Message(PREFIX, DefinitionText.write(definition));
        }
    }

    /**
     * What a message on the wire says.
     *
     * @throws IllegalArgumentException if it is to be a definition and is none
     */
    static ChangeEvent ofMessage(String prefix, String content) {
        return prefix.equals(Definition.PREFIX)
                ? new Definition(DefinitionText.read(content))
                : new Message(prefix, content);
    }

    /**
     * A part of a value that is too long for one record. The change that follows the last part of its last value has
     * this column as well; {@link LongValues} puts it together.
     *
     * @param after whether it belongs to the new row, or to the key or old row
     * @param column the column's name
     * @param index 0 for the value's first part
     * @param length of the whole value, in bytes of UTF-8
     */
    record Piece(boolean after, String column, int index, int length, String text) implements ChangeEvent {

        /** Without the text: row values do not belong into logs. */
        @Override
        public String toString() {
            return "Piece[" + column + ", " + index + "]";
        }
    }

    /**
     * A source transaction has committed.
     *
     * @param commitLsn the end of its commit record; greater than that of every transaction before it
     * @param committedAt when, in microseconds since 1970 by the source's clock
     * @param count how many events lie between its begin and its end
     */
    record End(long xid, LogSequenceNumber commitLsn, long committedAt, long count) implements ChangeEvent {}
}
