package io.changeover.ddl;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.schema.SourceSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The event triggers on the source that record by which statement it was altered, in {@code changeover.ddl}. Each
 * migration of a database is a listener of the same ones; they go with the last. All of it comes in one transaction,
 * and goes in one. Statements of Changeover itself are not recorded.
 */
public final class DdlRecorder {

    /** What they are called. */
    public static final List<String> TRIGGERS =
            List.of("changeover_ddl_command_end", "changeover_ddl_sql_drop", "changeover_ddl_table_rewrite");

    /** The tables in schema {@code changeover}. */
    public static final List<String> TABLES = List.of("ddl", "ddl_listener");

    /** One of two migrations must not take away what the other has just found. */
    private static final String ONE_AT_A_TIME =
            "set local lock_timeout = '20s'; select pg_advisory_xact_lock(hashtext('changeover.ddl'))";

    private DdlRecorder() {}

    /**
     * Makes what is not there. To be called again at any time.
     *
     * @param publication of the migration
     * @throws SQLException also if the role may not make event triggers
     */
    public static void create(ServerSettings source, String publication) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setEscapeProcessing(false);
            statement.execute(ONE_AT_A_TIME);
            if (triggers(connection) < TRIGGERS.size() || !exists(connection)) {
                SourceSchema.create(connection);
                statement.execute(script());
            }
            run(connection, "insert into changeover.ddl_listener values (?) on conflict do nothing", publication);
            connection.commit();
        }
    }

    /** Takes a migration from the list, and with the last one everything; nothing if there is nothing. */
    public static void drop(ServerSettings source, String publication) throws SQLException {
        try (Connection connection = Connections.open(source, "changeover-schema");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(ONE_AT_A_TIME);
            if (!exists(connection, "changeover.ddl_listener")) {
                return;
            }
            run(connection, "delete from changeover.ddl_listener where publication = ?", publication);
            if (isUnused(connection)) {
                for (String trigger : TRIGGERS) {
                    statement.execute("drop event trigger if exists " + trigger);
                }
                statement.execute("drop function if exists changeover.record_ddl();"
                        + " drop table if exists changeover.ddl, changeover.ddl_listener");
                SourceSchema.dropIfEmpty(connection);
            }
            connection.commit();
        }
    }

    /** Whether there is a record. */
    static boolean exists(Connection source) throws SQLException {
        return exists(source, "changeover.ddl");
    }

    private static boolean exists(Connection source, String table) throws SQLException {
        try (PreparedStatement select = source.prepareStatement("select to_regclass(?) is not null")) {
            select.setString(1, table);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    private static boolean isUnused(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery("select not exists (select from changeover.ddl_listener)")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    private static int triggers(Connection source) throws SQLException {
        try (PreparedStatement select =
                source.prepareStatement("select count(*) from pg_event_trigger where evtname = any(?)")) {
            select.setArray(1, source.createArrayOf("text", TRIGGERS.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private static void run(Connection source, String sql, String publication) throws SQLException {
        try (PreparedStatement statement = source.prepareStatement(sql)) {
            statement.setString(1, publication);
            statement.executeUpdate();
        }
    }

    private static String script() {
        try (InputStream in = DdlRecorder.class.getResourceAsStream("record.sql")) {
            if (in == null) {
                throw new IllegalStateException("record.sql is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
