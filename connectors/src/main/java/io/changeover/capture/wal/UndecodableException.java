package io.changeover.capture.wal;

import org.apache.kafka.connect.errors.ConnectException;

/** The server sent something that cannot be read; reading on would lose it. */
public final class UndecodableException extends ConnectException {

    private static final long serialVersionUID = 1;

    public UndecodableException(String message) {
        super(message);
    }

    UndecodableException(String message, Throwable cause) {
        super(message, cause);
    }
}
