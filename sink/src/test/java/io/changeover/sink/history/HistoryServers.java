package io.changeover.sink.history;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A source of PostgreSQL 17 and a target of any version, each with a template of the databases that tests use. */
final class HistoryServers implements AutoCloseable {

    private static final int SOURCE = 17;
    private static final int NEWER = 15;
    private static final int VIRTUAL = 18;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final LocalPostgres source;
    private final LocalPostgres target;

    private HistoryServers(LocalPostgres source, LocalPostgres target) {
        this.source = source;
        this.target = target;
    }

    /** Starts both. */
    static HistoryServers start(int targetMajor) throws SQLException {
        LocalPostgres source = LocalPostgres.builder(SOURCE)
                .setting("wal_level", "logical")
                .setting("max_replication_slots", "50")
                .setting("max_prepared_transactions", "10")
                .fsync(false)
                .start();
        LocalPostgres target = LocalPostgres.builder(targetMajor).fsync(false).start();
        HistoryServers servers = new HistoryServers(source, target);
        try {
            String tables = script("tables.sql") + (targetMajor >= NEWER ? script("tables-15.sql") : "");
            template(source, tables + "create publication history for all tables;");
            template(target, tables + script("target.sql") + newer(targetMajor));
            return servers;
        } catch (SQLException | RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    /** Columns that are computed when they are read, where the source stores them. */
    private static String newer(int targetMajor) {
        return targetMajor >= VIRTUAL ? script("target-18.sql") : "";
    }

    /** A new database with all tables, and a slot. */
    RecordedSource newSource() throws SQLException {
        return new RecordedSource(newDatabase(source));
    }

    /** A new database with all tables. */
    ServerSettings newTarget() throws SQLException {
        return newDatabase(target);
    }

    /** A new database without tables, and a slot. */
    RecordedSource newEmptySource() throws SQLException {
        ServerSettings database = newDatabase(source, "template0");
        execute(database, "create publication history for all tables");
        return new RecordedSource(database);
    }

    /** A new database without tables. */
    ServerSettings newEmptyTarget() throws SQLException {
        return newDatabase(target, "template0");
    }

    /** The source's processes are killed, and it starts again. */
    void crash(RecordedSource database) throws SQLException {
        database.noteWhatWasRead();
        source.kill();
        source.start();
        database.connectAgain();
    }

    /** The target's processes are killed, and it starts again. */
    void crashTarget() {
        target.kill();
        target.start();
    }

    private static ServerSettings newDatabase(LocalPostgres server) throws SQLException {
        return newDatabase(server, "history");
    }

    private static ServerSettings newDatabase(LocalPostgres server, String template) throws SQLException {
        String name = "history_" + NUMBER.incrementAndGet();
        execute(server.settings("postgres"), "create database " + name + " encoding 'UTF8' template " + template);
        return server.settings(name);
    }

    private static void template(LocalPostgres server, String tables) throws SQLException {
        execute(server.settings("postgres"), "create database history encoding 'UTF8' template template0");
        execute(server.settings("history"), "set search_path = public, pg_catalog; " + tables);
    }

    static void execute(ServerSettings server, String sql) throws SQLException {
        try (Connection connection = Connections.open(server, "history");
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    static String script(String file) {
        try (InputStream in = HistoryServers.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
