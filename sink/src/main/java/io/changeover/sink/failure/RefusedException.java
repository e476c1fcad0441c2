package io.changeover.sink.failure;

import org.apache.kafka.connect.errors.ConnectException;

/** A change cannot be applied, and not the server says so but we do. */
public class RefusedException extends ConnectException {

    private static final long serialVersionUID = 1;

    private final String sqlState;

    /**
     * A refusal.
     *
     * @param sqlState what the server would say
     * @param message without values
     */
    public RefusedException(String sqlState, String message) {
        super(message);
        this.sqlState = sqlState;
    }

    public String sqlState() {
        return sqlState;
    }
}
