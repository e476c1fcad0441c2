package io.changeover.load;

import io.changeover.ledger.PartLedger;
import io.changeover.postgres.TableName;
import io.changeover.postgres.WalFunctions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What a transaction on the source sees.
 *
 * @param text of {@code pg_current_snapshot()}, before PostgreSQL 13 of {@code txid_current_snapshot()}
 * @param readAt the WAL's insert position, read after the snapshot was taken: an asynchronous commit is visible before
 *     its record is written
 */
record SourceSnapshot(String text, LogSequenceNumber readAt) {

    /** SQLSTATE of a lock that was not to be had in time. */
    static final String BUSY = "55P03";

    /** While a statement waits for a lock of its own, everybody else waits behind it. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    /**
     * Begins a transaction in a new snapshot, in which a table stays as it is: a snapshot does not keep its rows from
     * being moved or hidden by a statement that rewrites the table, so the lock comes first.
     *
     * @throws SQLException with {@link #BUSY} if somebody has the table for himself
     */
    static SourceSnapshot take(Connection from, TableName table) throws SQLException {
        begin(from);
        lock(from, table);
        return read(from);
    }

    /** Begins a transaction in a new snapshot. */
    static SourceSnapshot take(Connection from) throws SQLException {
        begin(from);
        return read(from);
    }

    /**
     * Begins a transaction in the snapshot that another session has exported, in which the table stays as it is.
     *
     * @throws SnapshotLostException if there is no such snapshot, or the table was rewritten since
     * @throws SQLException with {@link #BUSY} if somebody has the table for himself
     */
    static void share(Connection from, PartLedger.Part part) throws SQLException, SnapshotLostException {
        begin(from);
        try (Statement statement = from.createStatement()) {
            statement.execute("set transaction snapshot '" + part.exported().replace("'", "''") + "'");
        } catch (SQLException e) {
            if (SnapshotLostException.SQL_STATES.contains(String.valueOf(e.getSQLState()))) {
                throw new SnapshotLostException("snapshot " + part.exported() + " is gone", e);
            }
            throw e;
        }
        if (!text(from).equals(part.snapshot())) { // after a restart of the server another one may have the same name
            throw new SnapshotLostException("snapshot " + part.exported() + " is another one", null);
        }
        lock(from, part.table());
        if (filenode(from, part.table()) != part.filenode()) {
            throw new SnapshotLostException("a statement has rewritten or emptied the table on the source", null);
        }
    }

    private static void lock(Connection from, TableName table) throws SQLException {
        try (Statement statement = from.createStatement()) {
            statement.execute("set local lock_timeout = '" + LONGEST_WAIT.toMillis() + "ms'; lock table only "
                    + table.quoted() + " in access share mode; set local lock_timeout = 0");
        }
    }

    /** Another number whenever the table was rewritten or emptied; what is committed counts, whatever the snapshot. */
    static long filenode(Connection from, TableName table) throws SQLException {
        try (PreparedStatement select = from.prepareStatement("select pg_relation_filenode(?::regclass)")) {
            select.setString(1, table.quoted());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static SourceSnapshot read(Connection from) throws SQLException {
        String text = text(from);
        return new SourceSnapshot(
                text,
                LogSequenceNumber.valueOf(
                        ask(from, "select " + WalFunctions.of(from).inserted() + "::text")));
    }

    private static void begin(Connection from) throws SQLException {
        from.setAutoCommit(false);
        from.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }

    private static String text(Connection from) throws SQLException {
        return ask(
                from,
                from.getMetaData().getDatabaseMajorVersion() >= 13
                        ? "select pg_current_snapshot()::text"
                        : "select txid_current_snapshot()::text");
    }

    static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
