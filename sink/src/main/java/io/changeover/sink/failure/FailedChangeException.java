package io.changeover.sink.failure;

import java.sql.SQLException;

/** The target refused a change. The message says which, the cause what the target said, both without values. */
public final class FailedChangeException extends Exception {

    private final FailurePolicy policy;

    /**
     * A refused change.
     *
     * @param change table, operation and commit LSN
     */
    public FailedChangeException(String change, SQLException error) {
        super(change + ": " + ServerError.describe(error), ServerError.withoutValues(error));
        policy = FailurePolicy.of(error);
    }

    public FailurePolicy policy() {
        return policy;
    }
}
