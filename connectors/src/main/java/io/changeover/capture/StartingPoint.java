package io.changeover.capture;

import io.changeover.fault.CrashPoint;
import io.changeover.postgres.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Where the stream begins: after the stored offset, or, the very first time, at the consistent point of a slot that is
 * created here. Nobody else may create it, because then nobody could say that nothing lies between.
 *
 * @param offset Debezium's source offset to read on from
 * @param created the consistent point of a slot that was created now
 * @param identity what every offset has to carry besides
 */
record StartingPoint(
        Map<String, Object> offset, Optional<LogSequenceNumber> created, StoredPosition.Identity identity) {

    private static final int SLOT_CREATION_SECONDS = 120;

    /**
     * Finds the point, creating the slot if this is the first start.
     *
     * @param stored Connect's stored offset, or null
     * @throws ConnectException if slot and offset do not belong together; the message says what to do
     * @throws RetriableException if the server could not be asked
     */
    static StartingPoint find(CaptureSettings settings, @Nullable Map<String, Object> stored) {
        Optional<StoredPosition> position = Optional.ofNullable(stored).map(StoredPosition::new);
        try (Connection source = Connections.open(settings.source(), "changeover-capture")) {
            SourceFacts facts =
                    SourceFactsReader.read(source, settings.source(), settings.slot(), settings.publication());
            StartRules.check(settings, position, facts);
            StoredPosition.Identity identity = StoredPosition.Identity.of(facts);
            if (!StartRules.isFirstStart(position, facts)) {
                return new StartingPoint(Map.copyOf(position.orElseThrow().offset()), Optional.empty(), identity);
            }
            CrashPoint.CAPTURE_BEFORE_SLOT.hit();
            LogSequenceNumber consistentPoint = createSlot(source, settings.slot());
            CrashPoint.CAPTURE_AFTER_SLOT.hit();
            return new StartingPoint(
                    StoredPosition.beginning(consistentPoint, identity), Optional.of(consistentPoint), identity);
        } catch (SQLException e) {
            throw failure(settings, e);
        }
    }

    private static RuntimeException failure(CaptureSettings settings, SQLException e) {
        if (ConnectionLoss.is(e.getSQLState())) {
            return new RetriableException("The source " + settings.source() + " cannot be reached", e);
        }
        return new ConnectException(
                "The capture of " + settings.source() + " cannot start: " + e.getMessage() + " (" + e.getSQLState()
                        + ")",
                e);
    }

    private static LogSequenceNumber createSlot(Connection source, String slot) throws SQLException {
        try (Statement timeout = source.createStatement()) {
            timeout.execute("set statement_timeout = '" + SLOT_CREATION_SECONDS + "s'");
        }
        // its columns were renamed in 10: the second one is the position
        String sql = "select * from pg_catalog.pg_create_logical_replication_slot(?, ?)";
        try (PreparedStatement create = source.prepareStatement(sql)) {
            create.setString(1, slot);
            create.setString(2, Plugin.of(source).server());
            try (ResultSet rows = create.executeQuery()) {
                rows.next();
                return LogSequenceNumber.valueOf(rows.getString(2));
            }
        } catch (SQLException e) {
            if ("57014".equals(e.getSQLState())) {
                throw new ConnectException(
                        "CO-2004: the replication slot " + slot + " could not be created in " + SLOT_CREATION_SECONDS
                                + " s, because a transaction on the source is still open. Find it with: select pid,"
                                + " usename, xact_start from pg_stat_activity order by xact_start; select * from"
                                + " pg_prepared_xacts; end it and restart the connector",
                        e);
            }
            throw e;
        }
    }
}
