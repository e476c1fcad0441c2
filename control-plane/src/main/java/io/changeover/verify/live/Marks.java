package io.changeover.verify.live;

import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;

/** Marks in the stream of changes, which say how far the target is. For one thread at a time. */
public interface Marks extends AutoCloseable {

    /** Opens the way. */
    interface Opener {
        Marks open() throws SQLException;
    }

    /** The target did not get so far in time. */
    final class NotPassed extends Exception {

        private static final long serialVersionUID = 1;

        public NotPassed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Sends a mark through the stream, and waits until it has arrived.
     *
     * @return where it is in the source's WAL: what had committed before the call is on the target now
     */
    LogSequenceNumber pass(Duration patience) throws SQLException, NotPassed;

    @Override
    void close() throws SQLException;
}
