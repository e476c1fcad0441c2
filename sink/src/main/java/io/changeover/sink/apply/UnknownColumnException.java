package io.changeover.sink.apply;

import io.changeover.postgres.TableName;
import org.apache.kafka.connect.errors.ConnectException;

/** The source sends a column that the target's table does not have. */
final class UnknownColumnException extends ConnectException {
    UnknownColumnException(TableName table, String column) {
        super("Table " + table + " on the target has no column \"" + column
                + "\", which the source sends: add it there (alter table … add column …) and restart the task");
    }
}
