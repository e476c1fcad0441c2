package io.changeover.verify;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two new databases that belong to a role without superuser, as in the clouds: one on PostgreSQL 14, one on 17. The
 * servers are started once and end with the JVM.
 *
 * @param source on PostgreSQL 14
 * @param target on PostgreSQL 17
 */
public record DatabasePair(ServerSettings source, ServerSettings target) {

    private static final String PASSWORD = "pass'word\\ with : all";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static Optional<LocalPostgres> older = Optional.empty();
    private static Optional<LocalPostgres> newer = Optional.empty();

    /** Creates both, empty. */
    public static synchronized DatabasePair create() throws SQLException {
        older = Optional.of(older.isPresent() ? older.get() : start(14));
        newer = Optional.of(newer.isPresent() ? newer.get() : start(17));
        String name = "pair_" + NUMBER.incrementAndGet();
        return new DatabasePair(create(older.get(), name), create(newer.get(), name));
    }

    private static LocalPostgres start(int major) throws SQLException {
        LocalPostgres server = LocalPostgres.builder(major).fsync(false).start();
        execute(
                server.settings("postgres"),
                "create role owner login createrole password '" + PASSWORD.replace("'", "''") + "'");
        return server;
    }

    private static ServerSettings create(LocalPostgres server, String name) throws SQLException {
        execute(server.settings("postgres"), "create database " + name + " owner owner");
        return server.settings(name, "owner", PASSWORD);
    }

    /** The same databases as the superuser. */
    public static ServerSettings superuser(ServerSettings server) {
        LocalPostgres where = older.orElseThrow().port() == server.port() ? older.orElseThrow() : newer.orElseThrow();
        return where.settings(server.database());
    }

    /** Runs the same SQL on both. */
    public void onBoth(String sql) throws SQLException {
        execute(source, sql);
        execute(target, sql);
    }

    public static void execute(ServerSettings server, String sql) throws SQLException {
        try (Connection connection = Connections.open(server, "changeover-test");
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** The first column of the first row, as text. */
    public static String query(ServerSettings server, String sql) throws SQLException {
        try (Connection connection = Connections.open(server, "changeover-test");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }
}
