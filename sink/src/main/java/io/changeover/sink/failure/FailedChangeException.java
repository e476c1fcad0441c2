package io.changeover.sink.failure;

import java.sql.SQLException;
import java.util.Optional;

/** The target refused a change. The message says which, the cause what the target said, both without values. */
public final class FailedChangeException extends Exception {

    private static final long serialVersionUID = 1;

    private final FailurePolicy policy;
    private final String sqlState;
    private final String reason;
    private final transient Optional<FailedChange> change;

    private FailedChangeException(
            String message,
            Throwable cause,
            FailurePolicy policy,
            String sqlState,
            String reason,
            Optional<FailedChange> change) {
        super(message, cause);
        this.policy = policy;
        this.sqlState = sqlState;
        this.reason = reason;
        this.change = change;
    }

    /**
     * A refused change, or one of several.
     *
     * @param change table, operation and commit LSN
     */
    public FailedChangeException(String change, SQLException error) {
        this(
                message(change, error),
                ServerError.withoutValues(error),
                FailurePolicy.of(error),
                ServerError.sqlState(error),
                ServerError.describe(error),
                Optional.empty());
    }

    /** The same, and exactly which change it is. */
    public FailedChangeException of(FailedChange exactly) {
        return new FailedChangeException(
                String.valueOf(getMessage()),
                Optional.ofNullable(getCause()).orElse(this),
                policy,
                sqlState,
                reason,
                Optional.of(exactly));
    }

    /** A change that we refuse, not the server. */
    public static FailedChangeException of(FailedChange exactly, RefusedException refusal) {
        return new FailedChangeException(
                String.valueOf(refusal.getMessage()),
                refusal,
                FailurePolicy.REFUSED,
                refusal.sqlState(),
                exactly.reason(),
                Optional.of(exactly));
    }

    private static String message(String change, SQLException error) {
        String message = change + ": " + ServerError.describe(error);
        return FailurePolicy.of(error) == FailurePolicy.RETRY ? message : message + ". " + FailureTable.advice(error);
    }

    public FailurePolicy policy() {
        return policy;
    }

    /** What the target said: its SQLSTATE. */
    public String sqlState() {
        return sqlState;
    }

    /** What the target said: SQLSTATE and message, without values. */
    public String reason() {
        return reason;
    }

    /** Exactly which change it is, if that is known. */
    public Optional<FailedChange> change() {
        return change;
    }
}
