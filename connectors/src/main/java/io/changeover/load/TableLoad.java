package io.changeover.load;

import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ReplicaRole;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.WalFunctions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Loads one table: claim, rows and "done" are one transaction on the target, the rows are those of one snapshot on the
 * source. Killed anywhere, nothing of it is there.
 */
final class TableLoad {

    /** Told what happens, by table. */
    interface Listener {
        void loading(LoadLedger.Entry entry, CopyPipe.Amount amount);

        void done(LoadLedger.Entry entry, CopyPipe.Amount amount);
    }

    private final ServerSettings source;
    private final ServerSettings target;
    private final Listener listener;
    private final BooleanSupplier stopped;

    TableLoad(ServerSettings source, ServerSettings target, Listener listener, BooleanSupplier stopped) {
        this.source = source;
        this.target = target;
        this.listener = listener;
        this.stopped = stopped;
    }

    /**
     * Loads the next table of the queue.
     *
     * @return whether there was one
     * @throws SQLException if it failed; the table is in the queue again
     */
    boolean next() throws SQLException {
        try (Connection into = Connections.open(target, "changeover-load")) {
            boolean silent = ReplicaRole.take(into);
            into.setAutoCommit(false);
            Optional<LoadLedger.Entry> claimed = LoadLedger.claim(into);
            if (claimed.isEmpty()) {
                return false;
            }
            try {
                if (!silent) {
                    QuietTable.require(into, claimed.get().table());
                }
                load(claimed.get(), into);
            } catch (SQLException e) {
                TableName table = claimed.get().table();
                keepReason(into, table, e);
                throw new SQLException("table " + table + ": " + e.getMessage(), e.getSQLState(), e);
            }
            return true;
        }
    }

    private void load(LoadLedger.Entry entry, Connection into) throws SQLException {
        TableName table = entry.table();
        listener.loading(entry, new CopyPipe.Amount(0, 0));
        try (Connection from = Connections.open(source, "changeover-load")) {
            TableColumns columns = TableColumns.of(from, table);
            from.setAutoCommit(false);
            from.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            String snapshot = ask(from, snapshotFunction(from));
            // the insert position: an asynchronous commit is visible before its record is written
            LogSequenceNumber readAt = LogSequenceNumber.valueOf(
                    ask(from, "select " + WalFunctions.of(from).inserted() + "::text"));
            CopyPipe.Amount amount = CopyPipe.run(
                    from,
                    columns.copyOut(table),
                    into,
                    columns.copyIn(table),
                    passed -> listener.loading(entry, passed),
                    stopped);
            LoadLedger.finish(into, table, amount.rows(), amount.bytes(), snapshot, readAt);
            into.commit();
            listener.done(entry, amount);
        }
    }

    private static String snapshotFunction(Connection from) throws SQLException {
        return from.getMetaData().getDatabaseMajorVersion() >= 13
                ? "select pg_current_snapshot()::text"
                : "select txid_current_snapshot()::text";
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void keepReason(Connection into, TableName table, SQLException reason) {
        try {
            into.rollback();
            LoadLedger.recordError(into, table, String.valueOf(reason.getMessage()));
            into.commit();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }
}
