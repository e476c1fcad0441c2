package io.changeover.fallback;

import io.changeover.contract.Marker;
import io.changeover.cutover.CutoverGivenUp;
import io.changeover.cutover.MarkerWait;
import io.changeover.cutover.TakeOver;
import io.changeover.fault.CrashPoint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What arms the way back inside the freeze: the marker commits with the transaction that takes the stream from the
 * sink, so behind it lie no changes but those of applications, and the slot that has to send them is there.
 *
 * @param slot of the stream back, on the target
 * @param marker new for each cutover
 */
public record ReadyToCapture(String slot, Marker marker) implements TakeOver {

    private static final String SLOT = """
            select coalesce(to_jsonb(s) ->> 'wal_status', '') <> 'lost'
                   and to_jsonb(s) ->> 'invalidation_reason' is null
              from pg_catalog.pg_replication_slots s where s.slot_name = ?""";

    @Override
    public void run(Connection target) throws SQLException, CutoverGivenUp {
        requireSlot(target);
        MarkerWait.write(target, marker);
        CrashPoint.FALLBACK_AFTER_MARKER.hit();
    }

    private void requireSlot(Connection target) throws SQLException, CutoverGivenUp {
        try (PreparedStatement select = target.prepareStatement(SLOT)) {
            select.setString(1, slot);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next() || !rows.getBoolean(1)) {
                    throw new CutoverGivenUp("The replication slot " + slot + " of the way back is gone or lost on the"
                            + " target: see max_slot_wal_keep_size there, and ask again");
                }
            }
        }
    }
}
