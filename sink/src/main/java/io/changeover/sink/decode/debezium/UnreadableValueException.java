package io.changeover.sink.decode.debezium;

import org.apache.kafka.connect.errors.DataException;

/** A value that cannot be told for certain. The message says what and why, never the value. */
public final class UnreadableValueException extends DataException {

    UnreadableValueException(String reason) {
        super(reason);
    }

    UnreadableValueException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
