package io.changeover.schema;

import io.changeover.contract.Marker;
import io.changeover.postgres.Identifier;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The table of the source through which markers and heartbeats go before PostgreSQL 14, whose stream has no logical
 * messages: schema {@code changeover}, one row, which is overwritten. It is part of every migration's publication. From
 * 14 on nothing of ours is made on the source but slot and publication.
 */
public final class MarkerTable {

    /** Overwrites the row; the parameter is the content. */
    public static final String WRITE = "insert into " + Marker.TABLE.quoted() + " (id, content) values (1, ?)"
            + " on conflict (id) do update set content = excluded.content";

    private static final int MESSAGES_IN_STREAM = 14;

    private static final String SCHEMA = Identifier.quote(Marker.TABLE.schema());

    private static final String IS_PUBLISHED = "select exists (select from pg_publication_rel"
            + " where prrelid = to_regclass('" + Marker.TABLE.quoted() + "'))";

    /** What is in a schema depends on it. */
    private static final String SCHEMA_IS_EMPTY = "select exists (select from pg_namespace n where n.nspname = '"
            + Marker.TABLE.schema() + "' and pg_has_role(n.nspowner, 'USAGE') and not exists (select from pg_depend d"
            + " where d.refclassid = 'pg_namespace'::regclass and d.refobjid = n.oid))";

    private MarkerTable() {}

    /** Whether a source of this major version needs it. */
    public static boolean isNeeded(int sourceMajor) {
        return sourceMajor < MESSAGES_IN_STREAM;
    }

    /** The statement that writes a heartbeat. */
    public static String heartbeat() {
        return WRITE.replace("?", "'" + Marker.HEARTBEAT + "'");
    }

    /** Makes it if it is not there. */
    static void create(Connection source) throws SQLException {
        execute(source, "create schema if not exists " + SCHEMA);
        execute(
                source,
                "create table if not exists " + Marker.TABLE.quoted()
                        + " (id integer primary key, content text not null)");
    }

    /** Drops it if it is there and no publication has it any more; the schema too, if nothing else is in it. */
    static void dropUnpublished(Connection source) throws SQLException {
        if (holds(source, IS_PUBLISHED)) {
            return;
        }
        execute(source, "drop table if exists " + Marker.TABLE.quoted());
        if (holds(source, SCHEMA_IS_EMPTY)) {
            execute(source, "drop schema " + SCHEMA);
        }
    }

    private static boolean holds(Connection source, String sql) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    private static void execute(Connection source, String sql) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute(sql);
        }
    }
}
