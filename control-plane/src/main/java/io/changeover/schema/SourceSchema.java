package io.changeover.schema;

import io.changeover.contract.Marker;
import io.changeover.postgres.Identifier;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The schema {@code changeover} on the source: before PostgreSQL 14 for what such a server lacks, and for the record of
 * an event trigger.
 */
public final class SourceSchema {

    private static final int NOTHING_LACKS = 14;

    private static final String NAME = Identifier.quote(Marker.TABLE.schema());

    /** What is in a schema depends on it. */
    private static final String IS_EMPTY = "select exists (select from pg_namespace n where n.nspname = '"
            + Marker.TABLE.schema() + "' and pg_has_role(n.nspowner, 'USAGE') and not exists (select from pg_depend d"
            + " where d.refclassid = 'pg_namespace'::regclass and d.refobjid = n.oid))";

    private SourceSchema() {}

    /** Whether a source of this major version gets it in any case. */
    public static boolean isNeeded(int sourceMajor) {
        return sourceMajor < NOTHING_LACKS;
    }

    /** Makes it if it is not there. */
    public static void create(Connection source) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute("create schema if not exists " + NAME);
        }
    }

    /** Drops it if it is there, ours, and empty. */
    public static void dropIfEmpty(Connection source) throws SQLException {
        try (Statement statement = source.createStatement()) {
            boolean empty;
            try (ResultSet rows = statement.executeQuery(IS_EMPTY)) {
                rows.next();
                empty = rows.getBoolean(1);
            }
            if (empty) {
                statement.execute("drop schema " + NAME);
            }
        }
    }
}
