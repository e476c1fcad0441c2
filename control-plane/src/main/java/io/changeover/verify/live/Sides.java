package io.changeover.verify.live;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A connection to each side, opened when it is needed, which are asked at the same time. For one thread at a time. */
final class Sides implements AutoCloseable {

    private static final String APPLICATION = "changeover-verify";

    private final ServerSettings sourceServer;
    private final ServerSettings targetServer;
    private final ExecutorService other;
    private @Nullable Connection source;
    private @Nullable Connection target;

    Sides(ServerSettings sourceServer, ServerSettings targetServer) {
        this.sourceServer = sourceServer;
        this.targetServer = targetServer;
        this.other = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "changeover-verify-" + targetServer.database());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What both sides answered. */
    record Both<T>(T source, T target) {}

    /** A question. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    Connection source() throws SQLException {
        Connection open = source;
        if (open == null) {
            open = Connections.open(sourceServer, APPLICATION);
            source = open;
        }
        return open;
    }

    Connection target() throws SQLException {
        Connection open = target;
        if (open == null) {
            open = Connections.open(targetServer, APPLICATION);
            target = open;
        }
        return open;
    }

    /** Asks both at once, and waits for both, whatever happens. */
    <T> Both<T> both(Question<T> ofSource, Question<T> ofTarget) throws SQLException, InterruptedException {
        Connection from = source();
        Connection to = target();
        Future<T> there = other.submit(() -> ofTarget.ask(to));
        T here;
        try {
            here = ofSource.ask(from);
        } catch (SQLException | RuntimeException e) {
            disconnect(); // ends what the target is asked
            throw e;
        }
        try {
            return new Both<>(here, there.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            disconnect();
            throw e;
        }
    }

    /** Lets go of the connections, also of what is being read; the next question opens new ones. */
    void disconnect() {
        abort(source);
        abort(target);
        source = null;
        target = null;
    }

    private static void abort(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            System.getLogger(Sides.class.getName())
                    .log(System.Logger.Level.DEBUG, "The connection was gone already", e);
        }
    }

    @Override
    public void close() {
        other.shutdownNow();
        disconnect();
    }
}
