package io.changeover.sink.offsets;

import io.changeover.ledger.Ledger;
import io.changeover.ledger.StreamLedger;
import io.changeover.ledger.StreamLedger.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;

/** Sets the position in the target back. */
public final class StreamOffsets {

    private StreamOffsets() {}

    /**
     * Does what is asked for. The commit LSN stays, so that what is applied is skipped when it comes again; the epoch
     * rises, so that a task that still runs is fenced and cannot put the position forward again.
     *
     * @param target a connection in auto-commit mode
     * @throws ConnectException if it would leave something out; then nothing has changed
     */
    public static void alter(Connection target, OffsetRequest request) throws SQLException {
        Optional<Progress> progress =
                Ledger.exists(target) ? StreamLedger.progress(target, request.stream()) : Optional.empty();
        request.requireBackwards(
                progress.map(each -> each.position().topicOffset()).orElse(0L));
        if (progress.isPresent() && !StreamLedger.setBack(target, request.stream(), request.offset())) {
            throw new ConnectException("The position of stream " + request.stream()
                    + " was moved by somebody else at the same time: stop the connector first, and ask again");
        }
    }
}
