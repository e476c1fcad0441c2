package io.changeover.sink.failure;

import io.changeover.postgres.TableName;
import org.apache.kafka.connect.errors.RetriableException;

/** What the stream has to skip, or no longer to skip, has changed: it is read again from the position. */
public final class TableSetAsideException extends RetriableException {

    private TableSetAsideException(String message) {
        super(message);
    }

    /** A table is set aside in the middle of a transaction that is applied in pieces. */
    public static TableSetAsideException of(TableName table) {
        return new TableSetAsideException(
                "Table " + table + " is set aside: the transaction is read again and applied without it");
    }

    /** Somebody has released a table. */
    public static TableSetAsideException released(TableName table) {
        return new TableSetAsideException("Table " + table + " was released: its changes are looked at again");
    }
}
