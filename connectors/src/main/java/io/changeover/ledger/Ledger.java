package io.changeover.ledger;

import io.changeover.fault.CrashPoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The ledger as a whole: makes it, and refuses one that a newer Changeover has written. */
public final class Ledger {

    /** The schema that holds it. */
    public static final String SCHEMA = "changeover";

    /** What this program writes. */
    public static final int VERSION = 5;

    private static final long LOCK = 0x6368616e67656f76L;

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
