package io.changeover.demo;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One client of the write load, in a thread of its own: connect, one transaction per turn, and when the server is gone
 * or refuses writes, ask where to write now and connect again.
 */
final class WriteClient {

    private static final Duration BETWEEN_CONNECTS = Duration.ofMillis(50);

    /** A server that does not answer is gone: as an application's socket timeout. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final String name;
    private final Supplier<ServerSettings> target;
    private final Pick pick;
    private final Pace pace;
    private final CountDownLatch stop;
    private final Acknowledgements acknowledgements;
    private final Receipts receipts;
    private final Clock clock;
    private volatile Optional<Connection> current = Optional.empty();

    WriteClient(
            String name,
            Supplier<ServerSettings> target,
            Pick pick,
            Pace pace,
            CountDownLatch stop,
            Acknowledgements acknowledgements,
            Receipts receipts,
            Clock clock) {
        this.name = name;
        this.target = target;
        this.pick = pick;
        this.pace = pace;
        this.stop = stop;
        this.acknowledgements = acknowledgements;
        this.receipts = receipts;
        this.clock = clock;
    }

    /**
     * Works until it is told to stop.
     *
     * @throws IllegalStateException if a server refuses what an application expects to work
     * @throws SQLException if a connection cannot be closed
     * @throws InterruptedException if the thread is interrupted
     */
    void run() throws SQLException, InterruptedException {
        while (stop.getCount() > 0) {
            ServerSettings server = target.get();
            Optional<Connection> connection = connect(server);
            if (connection.isPresent()) {
                workOn(connection.get(), server.host() + ":" + server.port() + "/" + server.database());
            }
            stop.await(BETWEEN_CONNECTS.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Cuts the connection, so that a statement that waits for the server ends now. */
    void abort() {
        current.ifPresent(connection -> {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                throw new IllegalStateException(name + " could not cut its connection", e);
            }
        });
    }

    private Optional<Connection> connect(ServerSettings server) {
        try {
            return Optional.of(open(server));
        } catch (SQLException e) {
            return switch (Answer.toFailedConnect(e)) {
                case TRY_AGAIN, RECONNECT -> Optional.empty();
                case STOP -> throw new IllegalStateException(name + " could not connect to " + server, e);
            };
        }
    }

    private Connection open(ServerSettings server) throws SQLException {
        Connection connection = Connections.open(server, name);
        try (Statement statement = connection.createStatement()) {
            // a tool may write where an application may not: go by what database and role say
            statement.execute("reset default_transaction_read_only");
            connection.setNetworkTimeout(Runnable::run, (int) SILENCE.toMillis());
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Transactions until the server is gone or refuses them, or the load is stopped. */
    private void workOn(Connection connection, String server) throws SQLException, InterruptedException {
        current = Optional.of(connection);
        try (connection) {
            boolean usable = true;
            while (usable && !stop.await(pace.takeTurn(System.nanoTime()), TimeUnit.NANOSECONDS)) {
                usable = transact(connection, server, WorkMix.next(pick));
            }
        } finally {
            current = Optional.empty();
        }
    }

    /** One transaction; whether the connection is good for another one. */
    private boolean transact(Connection connection, String server, WorkMix.Kind kind) {
        try {
            Session session = new Session(connection);
            switch (kind.work().run(session, pick)) {
                case DONE -> commit(connection, session, server, kind);
                case LOST_RACE, CHANGED_MIND -> connection.rollback();
            }
            return true;
        } catch (SQLException e) {
            return switch (Answer.toFailedStatement(e)) {
                case TRY_AGAIN -> rolledBack(connection);
                case RECONNECT -> false;
                case STOP ->
                    throw new IllegalStateException(
                            name + ": the transaction \"" + kind.name() + "\" failed on " + server, e);
            };
        }
    }

    private void commit(Connection connection, Session session, String server, WorkMix.Kind kind) throws SQLException {
        UUID receipt = UUID.randomUUID();
        session.update("insert into public.receipt (id, action) values (?, ?)", receipt, kind.name());
        connection.commit();
        Instant now = clock.instant();
        receipts.add(receipt, kind.name(), server, now);
        acknowledgements.add(server, now);
    }

    /** A connection that cannot roll back is given up. */
    private static boolean rolledBack(Connection connection) {
        try {
            connection.rollback();
            return true;
        } catch (SQLException lost) {
            return false;
        }
    }
}
