package io.changeover.sink.rows;

import io.changeover.sink.failure.FailedChange;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.failure.RefusedException;
import java.sql.SQLException;

/** A record that cannot be applied, and exactly which one. The target transaction has to be rolled back. */
final class RowRefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private static final String COMMIT = "commit";

    private final transient RowChange.Place place;
    private final transient FailedChange change;
    private final FailedChangeException error;

    private RowRefusedException(RowChange.Place place, FailedChange change, FailedChangeException error) {
        super(error);
        this.place = place;
        this.change = change;
        this.error = error;
    }

    /** A record that is not understood. */
    static RowRefusedException unread(RowChange.Place place, FailedChange change, RefusedException reason) {
        return new RowRefusedException(place, change, FailedChangeException.of(change, reason));
    }

    /** A change that we refuse, not the server. */
    static RowRefusedException of(RowChange change, RefusedException reason) {
        FailedChange exactly = new FailedChange(
                change.table(),
                change.operation(),
                change.keyHash(),
                reason.sqlState(),
                String.valueOf(reason.getMessage()));
        return new RowRefusedException(change.place(), exactly, FailedChangeException.of(exactly, reason));
    }

    /**
     * A change that the server refuses.
     *
     * @param description of the change, for people
     * @return if it is one that no later attempt would take
     * @throws FailedChangeException otherwise
     */
    static RowRefusedException of(RowChange change, String description, SQLException reason)
            throws FailedChangeException {
        return of(change, change.operation(), change.keyHash(), description, reason);
    }

    /** The same of a constraint that is checked at the commit. */
    static RowRefusedException ofCommit(RowChange change, SQLException reason) throws FailedChangeException {
        return of(change, COMMIT, "", "Commit of record " + change.place(), reason);
    }

    private static RowRefusedException of(
            RowChange change, String operation, String keyHash, String description, SQLException reason)
            throws FailedChangeException {
        FailedChangeException error = new FailedChangeException(description, reason);
        if (error.policy() != FailurePolicy.REFUSED) {
            throw error;
        }
        FailedChange exactly = new FailedChange(change.table(), operation, keyHash, error.sqlState(), error.reason());
        return new RowRefusedException(change.place(), exactly, error.of(exactly));
    }

    /** Whether only the commit told, so that it may have been any change of the transaction. */
    boolean isOfCommit() {
        return COMMIT.equals(change.operation());
    }

    RowChange.Place place() {
        return place;
    }

    FailedChange change() {
        return change;
    }

    FailedChangeException error() {
        return error;
    }
}
