package io.changeover.checker;

import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A client of the checked application. It has lists of its own, so that it knows the order of what it appends. */
final class CheckedClient implements Runnable {

    private static final String SOCKET_TIMEOUT_SECONDS = "30";

    private final int number;
    private final int clients;
    private final Random random;
    private final long pauseNanos;
    private final Supplier<ServerSettings> writeTo;
    private final Book book;
    private final CountDownLatch stop;
    private long count;

    CheckedClient(
            int number,
            CheckedApplication.Settings settings,
            Supplier<ServerSettings> writeTo,
            Book book,
            CountDownLatch stop) {
        this.number = number;
        this.clients = settings.clients();
        this.random = new Random(settings.seed() * 31 + number);
        this.pauseNanos = TimeUnit.SECONDS.toNanos(settings.clients()) / settings.transactionsPerSecond();
        this.writeTo = writeTo;
        this.book = book;
        this.stop = stop;
    }

    @Override
    public void run() {
        try {
            while (!isOver(TimeUnit.MILLISECONDS.toNanos(20))) {
                work();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On one connection, until it is lost or refuses writes. */
    private void work() throws InterruptedException {
        try (Connection connection = open(writeTo.get())) {
            connection.setAutoCommit(false);
            while (!isOver(pauseNanos)) {
                if (!transact(connection)) {
                    return;
                }
            }
        } catch (SQLException e) {
            // nothing was asked for on this connection: the next one
        }
    }

    /** One transaction; whether the connection is of further use. */
    private boolean transact(Connection connection) {
        List<Long> inserts = new ArrayList<>();
        Map<Integer, Long> appends = new HashMap<>();
        boolean goesBack = random.nextInt(10) == 0;
        try {
            for (int i = random.nextInt(3); i >= 0; i--) {
                act(connection, inserts, appends);
            }
        } catch (SQLException e) {
            // whatever it was, no commit was asked for
            book.note(new Book.Entry(inserts, appends), Fate.ROLLED_BACK);
            return isConflict(e) && rolledBack(connection);
        }
        Book.Entry entry = new Book.Entry(inserts, appends);
        if (goesBack) {
            book.note(entry, Fate.ROLLED_BACK);
            return rolledBack(connection);
        }
        try {
            connection.commit();
            book.note(entry, Fate.COMMITTED);
            return true;
        } catch (SQLException e) {
            boolean isRefused = !isLost(e);
            book.note(entry, isRefused ? Fate.ROLLED_BACK : Fate.UNKNOWN);
            return isRefused && rolledBack(connection);
        }
    }

    private void act(Connection connection, List<Long> inserts, Map<Integer, Long> appends) throws SQLException {
        long id = ++count * clients + number;
        switch (random.nextInt(3)) {
            case 0 -> {
                inserts.add(id);
                update(connection, "insert into checked.inserts values (?, pg_catalog.nextval('checked.numbers'))", id);
            }
            case 1 -> {
                int list = number + clients * random.nextInt(Ledgers.LISTS / clients);
                if (appends.putIfAbsent(list, id) == null) {
                    update(connection, "update checked.lists set items = items || ',' || ? where id = ?", id, list);
                }
            }
            default -> transfer(connection);
        }
    }

    private void transfer(Connection connection) throws SQLException {
        long amount = random.nextInt(100) - 50;
        update(connection, "update checked.giro set balance = balance - ? where id = ?", amount, account());
        update(connection, "update checked.deposit set balance = balance + ? where id = ?", amount, account());
    }

    private int account() {
        return 1 + random.nextInt(Ledgers.ACCOUNTS);
    }

    private static void update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            if (statement.executeUpdate() != 1) {
                throw new SQLException("No such row: " + sql, "02000");
            }
        }
    }

    /** Whether a commit may have happened all the same. */
    private static boolean isLost(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57P");
    }

    /** With another client. All else, such as a server that refuses writes, is a reason to ask where to write now. */
    private static boolean isConflict(SQLException e) {
        return String.valueOf(e.getSQLState()).startsWith("40");
    }

    private static boolean rolledBack(Connection connection) {
        try {
            connection.rollback();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** As an application does it, with the settings of database and role. */
    private static Connection open(ServerSettings server) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        properties.setProperty("ApplicationName", "checked");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", SOCKET_TIMEOUT_SECONDS);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database(), properties);
    }

    private boolean isOver(long withinNanos) throws InterruptedException {
        return stop.await(withinNanos, TimeUnit.NANOSECONDS);
    }
}
