package io.changeover.bench.load;

import io.changeover.bench.ServerCpu;
import io.changeover.postgres.Connections;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A source with the rows, and a target of which every measurement gets a database of its own. */
final class LoadServers implements AutoCloseable {

    /** Of all tables, in each of the source's databases. */
    static final String PUBLICATION = "bench";

    /** A part of the rows for those who take long with all of them. */
    static final int SHARE = 20;

    private static final String ROLE = "bench";
    private static final String PASSWORD = "bench";
    private static final String ALL_ROWS = "bench";
    private static final String SOME_ROWS = "share";

    private final LocalPostgres source;
    private final LocalPostgres target;
    private final List<LoadTable> tables;

    private LoadServers(LocalPostgres source, LocalPostgres target, List<LoadTable> tables) {
        this.source = source;
        this.target = target;
        this.tables = List.copyOf(tables);
    }

    /** Starts both, and fills the source. Their files are temporary. */
    static LoadServers start(List<LoadTable> tables, int major) throws SQLException {
        LocalPostgres source = start(major);
        try {
            LoadServers servers = new LoadServers(source, start(major), tables);
            servers.fill();
            return servers;
        } catch (SQLException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static LocalPostgres start(int major) {
        return LocalPostgres.builder(major)
                .fsync(false)
                .setting("wal_level", "logical")
                .setting("shared_buffers", "512MB")
                .setting("autovacuum", "off")
                .setting("checkpoint_timeout", "1h")
                .setting("max_wal_size", "64GB")
                .start();
    }

    private void fill() throws SQLException {
        for (LocalPostgres each : List.of(source, target)) {
            execute(
                    each.settings("postgres"),
                    "create role " + ROLE + " login replication password '" + PASSWORD + "'");
        }
        execute(target.settings("postgres"), "grant set on parameter session_replication_role to " + ROLE);
        fill(ALL_ROWS, 1);
        fill(SOME_ROWS, SHARE);
        execute(source.settings("postgres"), "checkpoint");
    }

    private void fill(String database, int share) throws SQLException {
        execute(source.settings("postgres"), "create database " + database + " owner " + ROLE);
        ServerSettings owner = source.settings(database, ROLE, PASSWORD);
        execute(
                owner,
                tables.stream()
                        .map(table -> table.ofRows(table.rows() / share))
                        .flatMap(part -> Stream.of(
                                part.create(),
                                part.fill(),
                                part.key(),
                                "analyze " + part.name().quoted()))
                        .toArray(String[]::new));
        execute(
                owner,
                "create publication " + PUBLICATION + " for table "
                        + tables.stream().map(each -> each.name().quoted()).collect(Collectors.joining(", ")));
    }

    List<LoadTable> tables() {
        return tables;
    }

    /** The source's database with every row. */
    ServerSettings source() {
        return source.settings(ALL_ROWS, ROLE, PASSWORD);
    }

    /** The source's database with a {@link #SHARE}th of them. */
    ServerSettings sourceOfShare() {
        return source.settings(SOME_ROWS, ROLE, PASSWORD);
    }

    ServerSettings target(String database) {
        return target.settings(database, ROLE, PASSWORD);
    }

    /** As a superuser of the target. */
    ServerSettings administrator(String database) {
        return target.settings(database);
    }

    ServerCpu sourceCpu() {
        return new ServerCpu(source.pid());
    }

    ServerCpu targetCpu() {
        return new ServerCpu(target.pid());
    }

    /** Makes a database with tables or without, and writes out what the target has to. */
    ServerSettings fresh(String database, boolean withTables) throws SQLException {
        execute(target.settings("postgres"), "create database " + Identifier.quote(database) + " owner " + ROLE);
        if (withTables) {
            execute(target(database), tables.stream().map(LoadTable::create).toArray(String[]::new));
        }
        execute(target.settings("postgres"), "checkpoint");
        return target(database);
    }

    /** Ends the sessions of a target's database and removes it. */
    void drop(String database) throws SQLException {
        execute(
                target.settings("postgres"),
                "drop database " + Identifier.quote(database) + " with (force)",
                "checkpoint");
    }

    /** The server's own word for its version. */
    String version() throws SQLException {
        return ask(source(), "select current_setting('server_version')");
    }

    static String ask(ServerSettings where, String sql) throws SQLException {
        try (Connection connection = Connections.open(where, "changeover-bench");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    static void execute(ServerSettings where, String... statements) throws SQLException {
        try (Connection connection = Connections.open(where, "changeover-bench");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        try (source) {
            target.close();
        }
    }
}
