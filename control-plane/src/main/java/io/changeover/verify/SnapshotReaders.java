package io.changeover.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Several connections that see one held snapshot, and a thread for each, which digests one table after another. */
final class SnapshotReaders implements AutoCloseable {

    private static final AtomicInteger THREADS = new AtomicInteger();

    private final HeldSnapshot snapshot;
    private final List<Connection> connections;
    private final BlockingQueue<Connection> idle;
    private final ExecutorService threads;

    private SnapshotReaders(HeldSnapshot snapshot, List<Connection> connections) {
        this.snapshot = snapshot;
        this.connections = connections;
        this.idle = new LinkedBlockingQueue<>(connections);
        this.threads = Executors.newFixedThreadPool(connections.size(), work -> {
            Thread thread = new Thread(work, "changeover-verify-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens them all, so that the snapshot is needed no longer.
     *
     * @throws SQLException if one cannot be opened; then none is
     */
    static SnapshotReaders open(HeldSnapshot snapshot, int count) throws SQLException {
        List<Connection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                connections.add(snapshot.openReader());
            }
            return new SnapshotReaders(snapshot, connections);
        } catch (SQLException e) {
            abort(connections);
            throw e;
        }
    }

    /**
     * Digests what a COPY gives, as soon as a connection is idle; in the order of the calls.
     *
     * @param object what is read, for the error
     * @param takesLong whether it is large
     */
    CompletableFuture<TableDigest> digest(Object object, String copy, boolean takesLong) {
        return CompletableFuture.supplyAsync(() -> digestNow(object, copy, takesLong), threads);
    }

    private TableDigest digestNow(Object object, String copy, boolean takesLong) {
        Connection connection = idle.remove();
        try {
            snapshot.beforeReading(connection, takesLong);
            return TableDigest.read(connection, copy);
        } catch (SQLException e) {
            throw new CompletionException(new SQLException(
                    "Could not read " + object + " on " + snapshot.server() + ": " + e.getMessage(),
                    e.getSQLState(),
                    e));
        } finally {
            idle.add(connection);
        }
    }

    /** Ends at once, also what is being read. */
    @Override
    public void close() {
        threads.shutdownNow();
        abort(connections);
    }

    private static void abort(List<Connection> connections) {
        for (Connection connection : connections) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                System.getLogger(SnapshotReaders.class.getName())
                        .log(System.Logger.Level.DEBUG, "The connection was gone already", e);
            }
        }
    }
}
