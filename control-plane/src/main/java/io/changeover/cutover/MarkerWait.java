package io.changeover.cutover;

import io.changeover.contract.Marker;
import io.changeover.fault.CrashPoint;
import io.changeover.ledger.StreamLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.schema.MarkerTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Writes a marker into the source's WAL and waits until the sink has applied it. Both connections are open beforehand,
 * so that nothing but the way through the pipeline takes time.
 */
public final class MarkerWait implements AutoCloseable {

    private static final long LOOK_EVERY_NANOS = 2_000_000;

    private final Connection source;
    private final Connection target;
    private final String stream;

    private MarkerWait(Connection source, Connection target, String stream) {
        this.source = source;
        this.target = target;
        this.stream = stream;
    }

    /** Connects to both sides. */
    public static MarkerWait prepare(ServerSettings source, ServerSettings target, String stream) throws SQLException {
        Connection from = Connections.open(source, "changeover-marker");
        try {
            return new MarkerWait(from, Connections.open(target, "changeover-marker"), stream);
        } catch (SQLException e) {
            from.close();
            throw e;
        }
    }

    /**
     * Sends a marker through the pipeline.
     *
     * @param terms how long it may take
     * @param freeze that it is in
     * @param when what to say of it in an error
     * @return where the marker is in the source's WAL: everything that committed before it is on the target now
     * @throws CutoverGivenUp if it did not arrive in time
     */
    LogSequenceNumber drain(Terms terms, Freeze freeze, String when) throws SQLException, CutoverGivenUp {
        Duration patience = terms.patience().compareTo(freeze.left()) < 0 ? terms.patience() : freeze.left();
        return pass(patience, when, () -> terms.reached().accept(CrashPoint.CUTOVER_AFTER_MARKER), freeze::check);
    }

    /**
     * The same outside a freeze.
     *
     * @param patience how long it may take
     */
    public LogSequenceNumber drain(Duration patience, String when) throws SQLException, CutoverGivenUp {
        return pass(patience, when, () -> {}, () -> {});
    }

    /** Asked while it is waited. */
    @FunctionalInterface
    private interface Check {
        void run() throws CutoverGivenUp;
    }

    private LogSequenceNumber pass(Duration patience, String when, Runnable written, Check meanwhile)
            throws SQLException, CutoverGivenUp {
        Marker marker = new Marker(UUID.randomUUID().toString());
        long deadline = System.nanoTime() + patience.toNanos();
        LogSequenceNumber at = write(source, marker);
        written.run();
        while (!StreamLedger.hasMarker(target, stream, marker)) {
            if (System.nanoTime() > deadline) {
                throw new CutoverGivenUp("The target did not apply everything in " + patience.toMillis() + " ms " + when
                        + ": look at the lag and at the connectors' tasks");
            }
            meanwhile.run();
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return at;
    }

    /**
     * Writes a marker into a server's WAL, in the transaction that is open, if one is.
     *
     * @return where it is
     */
    public static LogSequenceNumber write(Connection source, Marker marker) throws SQLException {
        return MarkerTable.isNeeded(source.getMetaData().getDatabaseMajorVersion())
                ? writeRow(source, marker)
                : writeMessage(source, marker);
    }

    private static LogSequenceNumber writeMessage(Connection source, Marker marker) throws SQLException {
        String sql = "select pg_logical_emit_message(true, ?, ?)::text";
        try (PreparedStatement emit = source.prepareStatement(sql)) {
            emit.setString(1, Marker.PREFIX);
            emit.setString(2, marker.content());
            return position(emit);
        }
    }

    /** The position is read within the statement: what committed before it, committed before the marker. */
    private static LogSequenceNumber writeRow(Connection source, Marker marker) throws SQLException {
        String sql = MarkerTable.WRITE + " returning pg_current_wal_insert_lsn()::text";
        try (PreparedStatement upsert = source.prepareStatement(sql)) {
            upsert.setString(1, marker.content());
            return position(upsert);
        }
    }

    private static LogSequenceNumber position(PreparedStatement write) throws SQLException {
        try (ResultSet rows = write.executeQuery()) {
            rows.next();
            return LogSequenceNumber.valueOf(rows.getString(1));
        }
    }

    /** Limits every statement from now on, on both sides: the source waits meanwhile. */
    public void limit(Duration patience) throws SQLException {
        for (Connection connection : List.of(source, target)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set statement_timeout = '" + patience.toMillis() + "ms'");
            }
        }
    }

    /** The connection to the target, for what follows the drain. */
    public Connection target() {
        return target;
    }

    /** The connection to the source. */
    public Connection source() {
        return source;
    }

    @Override
    public void close() throws SQLException {
        try (target) {
            source.close();
        }
    }
}
