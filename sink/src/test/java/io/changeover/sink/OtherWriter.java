package io.changeover.sink;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** Somebody else with a transaction open on the target. */
final class OtherWriter implements AutoCloseable {

    private final Connection connection;
    private final Connection observer;
    private CompletableFuture<Void> blocked = CompletableFuture.completedFuture(null);

    OtherWriter(ServerSettings server) throws SQLException {
        connection = Connections.open(server, "other writer");
        connection.setAutoCommit(false);
        observer = Connections.open(server, "observer");
    }

    void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Returns when the statement waits for a lock. */
    void executeBlocked(String sql) {
        blocked = CompletableFuture.runAsync(() -> {
            try {
                execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await().until(this::waitsForALock);
    }

    private boolean waitsForALock() throws SQLException {
        String sql = "select exists (select from pg_stat_activity where application_name = 'other writer'"
                + " and datname = current_database() and wait_event_type = 'Lock')";
        try (Statement statement = observer.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    /** Waits for the blocked statement, and undoes everything. */
    void rollback() throws SQLException {
        blocked.join();
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        observer.close();
        connection.close();
    }
}
