package io.changeover.sink.failure;

import io.changeover.fault.CrashPoint;
import io.changeover.ledger.QuarantineLedger;
import io.changeover.ledger.StreamLedger;
import java.sql.Connection;
import java.sql.SQLException;

/** Records that a stream stands before a change. */
public final class StoppedStream {

    private StoppedStream() {}

    /**
     * Records it in a transaction of its own, if the stream is still ours. What it is about is thrown anyway; that it
     * could not be recorded is told with it.
     *
     * @param target with nothing under way
     * @param epoch as whose owner we write
     * @return whether it is recorded
     */
    public static boolean record(
            Connection target,
            String stream,
            QuarantineLedger.Failure failure,
            FailedChangeException error,
            long epoch) {
        try {
            if (StreamLedger.isOwner(target, stream, epoch)) {
                QuarantineLedger.record(target, stream, failure);
                QuarantineLedger.clearOthers(target, stream, failure.table());
                CrashPoint.QUARANTINE_BEFORE_STOPPED.hit();
            }
            target.commit();
            CrashPoint.QUARANTINE_AFTER_STOPPED.hit();
            return true;
        } catch (SQLException e) {
            error.addSuppressed(ServerError.withoutValues(e));
            return false;
        }
    }
}
