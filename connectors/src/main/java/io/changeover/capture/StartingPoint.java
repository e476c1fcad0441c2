package io.changeover.capture;

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
 */
record StartingPoint(Map<String, Object> offset, Optional<LogSequenceNumber> created) {

    private static final int SLOT_CREATION_SECONDS = 120;

    /**
     * Finds the point, creating the slot if this is the first start.
     *
     * @param stored Connect's stored offset, or null
     * @throws ConnectException if slot and offset do not belong together; the message says what to do
     * @throws RetriableException if the server could not be asked
     */
    static StartingPoint find(CaptureSettings settings, @Nullable Map<String, Object> stored) {
        try (Connection source = Connections.open(settings.source(), "changeover-capture")) {
            requirePublication(source, settings);
            boolean slotExists = slotExists(source, settings.slot());
            if (stored != null && slotExists) {
                return new StartingPoint(stored, Optional.empty());
            }
            if (stored != null) {
                throw new ConnectException("CO-2002: the replication slot " + settings.slot()
                        + " is gone, but this connector has a stored offset: changes may be lost. Migrate this"
                        + " database again, under another migration name and into an empty target");
            }
            if (slotExists) {
                throw new ConnectException("CO-2001: the replication slot " + settings.slot()
                        + " exists, but this connector has no stored offset: it cannot tell what was read. If nothing"
                        + " was loaded yet, drop the slot (select pg_drop_replication_slot('" + settings.slot()
                        + "')) and restart the connector; otherwise migrate this database again, under another"
                        + " migration name and into an empty target");
            }
            LogSequenceNumber consistentPoint = createSlot(source, settings.slot());
            return new StartingPoint(offsetAt(consistentPoint), Optional.of(consistentPoint));
        } catch (SQLException e) {
            throw failure(settings, e);
        }
    }

    private static RuntimeException failure(CaptureSettings settings, SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")) {
            return new RetriableException("The source " + settings.source() + " cannot be reached", e);
        }
        return new ConnectException(
                "The capture of " + settings.source() + " cannot start: " + e.getMessage() + " (" + state + ")", e);
    }

    private static void requirePublication(Connection source, CaptureSettings settings) throws SQLException {
        String sql = "select exists (select from pg_catalog.pg_publication where pubname = ?)";
        try (PreparedStatement select = source.prepareStatement(sql)) {
            select.setString(1, settings.publication());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                if (!rows.getBoolean(1)) {
                    throw new ConnectException("CO-2003: there is no publication " + settings.publication() + " in "
                            + settings.source().database() + ": create it for the tables to migrate");
                }
            }
        }
    }

    private static boolean slotExists(Connection source, String slot) throws SQLException {
        String sql = "select exists (select from pg_catalog.pg_replication_slots where slot_name = ?)";
        try (PreparedStatement select = source.prepareStatement(sql)) {
            select.setString(1, slot);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    private static LogSequenceNumber createSlot(Connection source, String slot) throws SQLException {
        try (Statement timeout = source.createStatement()) {
            timeout.execute("set statement_timeout = '" + SLOT_CREATION_SECONDS + "s'");
        }
        String sql = "select lsn::text from pg_catalog.pg_create_logical_replication_slot(?, 'pgoutput')";
        try (PreparedStatement create = source.prepareStatement(sql)) {
            create.setString(1, slot);
            try (ResultSet rows = create.executeQuery()) {
                rows.next();
                return LogSequenceNumber.valueOf(rows.getString(1));
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

    /** An offset as Debezium stores it after a commit. */
    private static Map<String, Object> offsetAt(LogSequenceNumber lsn) {
        return Map.of(
                "lsn", lsn.asLong(),
                "lsn_proc", lsn.asLong(),
                "lsn_commit", lsn.asLong(),
                "messageType", "COMMIT",
                "ts_usec", 0L);
    }
}
