package io.changeover.ledger;

import io.changeover.fault.CrashPoint;
import io.changeover.postgres.Identifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The ledger as a whole: makes it, and refuses one that a newer Changeover has written. */
public final class Ledger {

    /** The schema that holds it. */
    public static final String SCHEMA = "changeover";

    /** What this program writes. */
    public static final int VERSION = 7;

    private static final Pattern TABLE = Pattern.compile("create table if not exists changeover\\.(\\w+)");

    private static final long LOCK = 0x6368616e67656f76L;

    /** It is another role's, or has something of somebody else in it. */
    private static final Set<String> SCHEMA_STAYS = Set.of("42501", "2BP01");

    private Ledger() {}

    /**
     * Makes the ledger if it is not there. Safe to call at the same time from several sessions.
     *
     * @param target an open connection in auto-commit mode; it is in auto-commit mode again afterwards
     * @throws SQLException if the role may not create a schema, or the ledger is of a newer version
     */
    public static void create(Connection target) throws SQLException {
        if (isCurrent(target)) {
            return; // a role that may not create schemas can still use it
        }
        target.setAutoCommit(false);
        try (Statement statement = target.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
            statement.execute(definition());
            requireKnownVersion(statement);
            CrashPoint.SINK_BEFORE_LEDGER.hit();
            target.commit();
            CrashPoint.SINK_AFTER_LEDGER.hit();
        } finally {
            if (!target.isClosed()) {
                target.rollback();
                target.setAutoCommit(true);
            }
        }
    }

    /**
     * Removes the ledger and all its records, unless it serves another stream as well. Whoever made the schema for a
     * role that may not make one keeps it, empty.
     *
     * @param target an open connection in auto-commit mode; it is in auto-commit mode again afterwards
     * @param stream that is over
     * @return whether it is gone
     */
    public static boolean drop(Connection target, String stream) throws SQLException {
        target.setAutoCommit(false);
        try (Statement statement = target.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
            List<String> tables = tables(target);
            if (tables.contains("leaders")) {
                LeaderLedger.remove(target, stream);
            }
            if (tables.contains("streams") && hasOtherStreams(target, stream)) {
                target.commit();
                return false;
            }
            for (String table : tables) {
                statement.execute("drop table changeover." + Identifier.quote(table) + " cascade");
            }
            dropSchema(target);
            target.commit();
            return true;
        } finally {
            if (!target.isClosed()) {
                target.rollback();
                target.setAutoCommit(true);
            }
        }
    }

    /** The names of the tables that {@link #create} makes. */
    public static List<String> tableNames() {
        return TABLE.matcher(definition())
                .results()
                .map(match -> match.group(1))
                .sorted()
                .toList();
    }

    private static boolean hasOtherStreams(Connection target, String stream) throws SQLException {
        String sql = "select exists (select from changeover.streams where stream <> ?)";
        try (PreparedStatement select = target.prepareStatement(sql)) {
            select.setString(1, stream);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    private static List<String> tables(Connection target) throws SQLException {
        String sql = "select relname from pg_class where relnamespace = to_regnamespace('changeover')"
                + " and relkind = 'r' and pg_has_role(relowner, 'usage') order by 1";
        List<String> tables = new ArrayList<>();
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    private static void dropSchema(Connection target) throws SQLException {
        Savepoint before = target.setSavepoint();
        try (Statement statement = target.createStatement()) {
            statement.execute("drop schema if exists changeover");
        } catch (SQLException e) {
            if (!SCHEMA_STAYS.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            target.rollback(before);
        }
    }

    private static boolean isCurrent(Connection target) throws SQLException {
        if (!exists(target)) {
            return false;
        }
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery("select max(version) from changeover.version")) {
            return rows.next() && rows.getInt(1) == VERSION;
        }
    }

    /** Whether the target has a ledger at all. */
    public static boolean exists(Connection target) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery("select to_regclass('changeover.version') is not null")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    private static void requireKnownVersion(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select max(version) from changeover.version")) {
            rows.next();
            int version = rows.getInt(1);
            if (version > VERSION) {
                throw new SQLException("The ledger (schema changeover) in the target has version " + version
                        + ", this program knows version " + VERSION + ": use the newer Changeover that wrote it");
            }
        }
    }

    private static String definition() {
        try (InputStream in = Ledger.class.getResourceAsStream("ledger.sql")) {
            if (in == null) {
                throw new IllegalStateException("ledger.sql is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
