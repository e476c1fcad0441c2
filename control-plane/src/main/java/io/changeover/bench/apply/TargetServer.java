package io.changeover.bench.apply;

import io.changeover.bench.ServerCpu;
import io.changeover.bench.workload.Workload;
import io.changeover.postgres.Connections;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A server to write to. It holds the rows that the source begins with in a database of which every measurement gets a
 * copy of its own.
 */
final class TargetServer implements AutoCloseable {

    private static final int MAJOR = 17;
    private static final String ROLE = "bench";
    private static final String PASSWORD = "bench";
    private static final String BEGINNING = "beginning";

    private final LocalPostgres server;

    private TargetServer(LocalPostgres server) {
        this.server = server;
    }

    /** Starts one with the workload's rows; its files are temporary. */
    static TargetServer start(Workload workload) throws SQLException {
        TargetServer target = new TargetServer(LocalPostgres.builder(MAJOR)
                .fsync(false)
                .setting("shared_buffers", "512MB")
                .setting("autovacuum", "off")
                .setting("checkpoint_timeout", "1h")
                .setting("max_wal_size", "64GB")
                .start());
        try {
            target.execute("create role " + ROLE + " login password '" + PASSWORD + "'");
            target.execute("grant set on parameter session_replication_role to " + ROLE);
            target.execute("create database " + BEGINNING + " owner " + ROLE);
            workload.create(target.settings(BEGINNING));
            return target;
        } catch (SQLException | RuntimeException e) {
            target.close();
            throw e;
        }
    }

    /** Makes a database with the rows of the beginning, and writes all of it out. */
    ServerSettings fresh(String database) throws SQLException {
        execute("create database " + Identifier.quote(database) + " template " + BEGINNING + " owner " + ROLE);
        execute("checkpoint");
        return settings(database);
    }

    /** Ends the sessions of a database and removes it. */
    void drop(String database) throws SQLException {
        execute("drop database " + Identifier.quote(database) + " with (force)");
    }

    /** How the administrator connects. */
    ServerSettings administrator(String database) {
        return server.settings(database);
    }

    /** What all processes of the server have used. */
    ServerCpu cpu() {
        return new ServerCpu(server.pid());
    }

    private ServerSettings settings(String database) {
        return server.settings(database, ROLE, PASSWORD);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = Connections.open(server.settings("postgres"), "changeover-bench");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The sum of the hashes of all rows and their number, by table: equal where the rows are. */
    static Map<TableName, BigDecimal> sums(ServerSettings database, List<TableName> tables) throws SQLException {
        Map<TableName, BigDecimal> sums = new LinkedHashMap<>();
        try (Connection connection = Connections.open(database, "changeover-bench");
                Statement statement = connection.createStatement()) {
            for (TableName table : tables) {
                String sql = "select coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) + count(*) from "
                        + table.quoted() + " t";
                try (ResultSet rows = statement.executeQuery(sql)) {
                    rows.next();
                    sums.put(table, rows.getBigDecimal(1));
                }
            }
        }
        return sums;
    }

    @Override
    public void close() {
        server.close();
    }
}
