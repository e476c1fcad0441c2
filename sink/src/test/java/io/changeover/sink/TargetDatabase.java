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

/** An empty database of its own on a real server that all tests of the JVM share. */
final class TargetDatabase implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ServerSettings settings;
    private final Connection superuser;

    private TargetDatabase(ServerSettings settings) throws SQLException {
        this.settings = settings;
        this.superuser = Connections.open(settings, "test");
    }

    static TargetDatabase create() throws SQLException {
        String name = "target_" + NUMBER.incrementAndGet();
        try (Connection connection = Connections.open(Server.RUNNING.settings("postgres"), "test");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        return new TargetDatabase(Server.RUNNING.settings(name));
    }

    /** The server that all share. */
    static LocalPostgres server() {
        return Server.RUNNING;
    }

    ServerSettings settings() {
        return settings;
    }

    /** How a role connects. */
    ServerSettings settings(String role, String password) {
        return Server.RUNNING.settings(settings.database(), role, password);
    }

    Connection connection() {
        return superuser;
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The rows of a query, the columns of each separated by {@code |}. */
    List<String> query(String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = superuser.createStatement();
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

    /** A role without superuser that may do what the sink needs to write to a table. */
    ServerSettings createMover(String table) throws SQLException {
        String role = "mover_" + settings.database();
        execute("create role " + role + " login password 'pw'");
        execute("grant create on database " + settings.database() + " to " + role);
        execute("grant set on parameter session_replication_role to " + role);
        execute("grant all on public." + table + " to " + role);
        return settings(role, "pw");
    }

    /** Ends the sink's connections, as an administrator or a failover does. */
    void terminateSink() throws SQLException {
        query("select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                + " where datname = current_database() and application_name like 'changeover sink%'");
    }

    @Override
    public void close() throws SQLException {
        superuser.close();
    }

    private static final class Server {
        private static final LocalPostgres RUNNING =
                LocalPostgres.builder(17).fsync(false).start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(RUNNING::close, "stop-target-server"));
        }
    }
}
