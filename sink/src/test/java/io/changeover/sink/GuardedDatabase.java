package io.changeover.sink;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database of a role as a cloud gives it: no superuser, owner of the database and its tables, without the right to
 * set session_replication_role until it is given.
 */
final class GuardedDatabase implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ServerSettings administrator;
    private final ServerSettings owner;
    private final Connection connection;

    private GuardedDatabase(ServerSettings administrator, ServerSettings owner) throws SQLException {
        this.administrator = administrator;
        this.owner = owner;
        this.connection = Connections.open(owner, "test");
    }

    static GuardedDatabase create(LocalPostgres server) throws SQLException {
        int number = NUMBER.incrementAndGet();
        String name = "guarded_" + number;
        String role = "mover of " + number;
        run(server.settings("postgres"), "create role \"" + role + "\" login password 'pw'");
        run(server.settings("postgres"), "create database " + name + " owner \"" + role + "\"");
        return new GuardedDatabase(server.settings(name), server.settings(name, role, "pw"));
    }

    /** How the role connects. */
    ServerSettings settings() {
        return owner;
    }

    /** A session of the role. */
    Connection connection() {
        return connection;
    }

    /** From 15 on the right can be given; before, only to a superuser. */
    void mayBeReplica(boolean allowed) throws SQLException {
        String role = "\"" + owner.user() + "\"";
        if (connection.getMetaData().getDatabaseMajorVersion() < 15) {
            run(administrator, "alter role " + role + (allowed ? " superuser" : " nosuperuser"));
        } else {
            run(
                    administrator,
                    (allowed ? "grant" : "revoke") + " set on parameter session_replication_role "
                            + (allowed ? "to " : "from ") + role);
        }
    }

    void asAdministrator(String... statements) throws SQLException {
        run(administrator, statements);
    }

    void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The rows of a query, the columns of each separated by {@code |}. */
    List<String> query(String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> line = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    line.add(String.valueOf(rows.getString(i)));
                }
                lines.add(String.join("|", line));
            }
        }
        return lines;
    }

    List<String> image() throws SQLException {
        return GuardedTables.image(connection);
    }

    private static void run(ServerSettings settings, String... statements) throws SQLException {
        try (Connection session = Connections.open(settings, "test");
                Statement statement = session.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
