package io.changeover.sink.apply;

import io.changeover.postgres.TableName;
import org.apache.kafka.connect.errors.ConnectException;

/** The source sends a column that the target's table does not have. */
final class UnknownColumnException extends ConnectException {
    UnknownColumnException(TableName table, String column) {
        super("CO-2061: Table " + table + " on the target has no column \"" + column + "\", which the source sends."
                + " If it was renamed on the source, rename it on the target; if it is new, add it there"
                + " (alter table … add column …). Then restart the task. Nothing of it was left out");
    }
}
