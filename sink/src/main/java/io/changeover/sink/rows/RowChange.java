package io.changeover.sink.rows;

import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;

/**
 * What a record does to a table of the target.
 *
 * @param key which row, of a move the row before it
 * @param row what it is now, as far as it was sent; of a move its key after it
 * @param isPartial whether columns were left out because they were not changed
 * @param isNew whether the source says that the row is new
 */
record RowChange(Kind kind, TableName table, Tuple key, Tuple row, boolean isPartial, boolean isNew, Place place) {

    /** What happens to the row. */
    enum Kind {
        WRITE,
        DELETE,
        /** Its key changes, and nothing else is known. */
        MOVE,
        /** All rows go. */
        TRUNCATE
    }

    /** The record it came in. */
    record Place(String topic, int partition, long offset) {

        /** For messages. */
        @Override
        public String toString() {
            return topic + "-" + partition + "@" + offset;
        }
    }

    /** The same for whom no row may be new. */
    RowChange asPartial() {
        return new RowChange(kind, table, key, row, true, false, place);
    }

    static RowChange truncate(TableName table, Place place) {
        return new RowChange(Kind.TRUNCATE, table, Tuple.EMPTY, Tuple.EMPTY, false, false, place);
    }
}
