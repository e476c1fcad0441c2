package io.changeover.runner;

import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.MarkerWait;
import io.changeover.cutover.Sides;
import io.changeover.ledger.StreamLedger;
import io.changeover.verify.live.Marks;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;

/** Marks of a verification are the markers of a cutover. There may be many, so that old ones are removed. */
final class MarkerMarks implements Marks {

    private static final Duration KEPT = Duration.ofHours(1);
    private static final int BETWEEN_REMOVALS = 500;

    private final MarkerWait markers;
    private final String stream;
    private int passed;

    private MarkerMarks(MarkerWait markers, String stream) {
        this.markers = markers;
        this.stream = stream;
    }

    static Marks open(Sides sides) throws SQLException {
        String stream = sides.names().changeTopic();
        return new MarkerMarks(MarkerWait.prepare(sides.source(), sides.target(), stream), stream);
    }

    @Override
    public LogSequenceNumber pass(Duration patience) throws SQLException, NotPassed {
        try {
            LogSequenceNumber at = markers.drain(patience, "for the verification");
            if (passed++ % BETWEEN_REMOVALS == 0) {
                StreamLedger.forgetMarkers(markers.target(), stream, KEPT);
            }
            return at;
        } catch (CutoverGivenUp e) {
            throw new NotPassed(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() throws SQLException {
        markers.close();
    }
}
