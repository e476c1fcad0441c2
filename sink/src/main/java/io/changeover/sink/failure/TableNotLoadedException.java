package io.changeover.sink.failure;

import io.changeover.postgres.TableName;
import org.apache.kafka.connect.errors.RetriableException;

/** The stream has come to a table whose full load has not finished. Nothing is wrong; the backlog waits in Kafka. */
public final class TableNotLoadedException extends RetriableException {
    public TableNotLoadedException(TableName table) {
        super("Table " + table + " is not loaded yet: its changes wait in the topic");
    }
}
