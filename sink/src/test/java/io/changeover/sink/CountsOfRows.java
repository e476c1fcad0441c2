package io.changeover.sink;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** Somebody who counts a table's rows all the time, from another session. */
final class CountsOfRows implements AutoCloseable {

    private final Set<Long> seen = new ConcurrentSkipListSet<>();
    private final AtomicLong looks = new AtomicLong();
    private volatile boolean closed;
    private final CompletableFuture<Void> reading;

    CountsOfRows(ServerSettings server, String table) {
        reading = CompletableFuture.runAsync(() -> read(server, "select count(*) from " + table));
    }

    /** All answers so far. */
    Set<Long> seen() {
        return seen;
    }

    /** Waits for an answer to a question that was put after this call. */
    void awaitNextLook() {
        long enough = looks.get() + 2;
        Awaitility.await().until(() -> reading.isDone() || looks.get() >= enough);
        if (reading.isDone()) {
            reading.join();
        }
    }

    private void read(ServerSettings server, String sql) {
        try (Connection connection = Connections.open(server, "reader");
                Statement statement = connection.createStatement()) {
            while (!closed) {
                try (ResultSet rows = statement.executeQuery(sql)) {
                    rows.next();
                    seen.add(rows.getLong(1));
                    looks.incrementAndGet();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        reading.join();
    }
}
