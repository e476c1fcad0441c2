package io.changeover.schema;

import io.changeover.contract.Marker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The table of the source through which markers and heartbeats go from PostgreSQL 10 to 13, where pgoutput does not
 * send logical messages: schema {@code changeover}, one row, which is overwritten. It is part of every migration's
 * publication. Before 10 the stream is test_decoding's, which sends messages. From 14 on nothing of ours is made on the
 * source but slot and publication.
 */
public final class MarkerTable {

    /** Overwrites the row; the parameter is the content. */
    public static final String WRITE = "insert into " + Marker.TABLE.quoted() + " (id, content) values (1, ?)"
            + " on conflict (id) do update set content = excluded.content";

    private static final int PGOUTPUT = 10;
    private static final int MESSAGES_IN_PGOUTPUT = 14;

    private static final String IS_PUBLISHED = "select exists (select from pg_publication_rel"
            + " where prrelid = to_regclass('" + Marker.TABLE.quoted() + "'))";

    private MarkerTable() {}

    /** Whether a source of this major version needs it. */
    public static boolean isNeeded(int sourceMajor) {
        return sourceMajor >= PGOUTPUT && sourceMajor < MESSAGES_IN_PGOUTPUT;
    }

    /** The statement that writes a heartbeat. */
    public static String heartbeat() {
        return WRITE.replace("?", "'" + Marker.HEARTBEAT + "'");
    }

    /** Makes it if it is not there. */
    static void create(Connection source) throws SQLException {
        execute(
                source,
                "create table if not exists " + Marker.TABLE.quoted()
                        + " (id integer primary key, content text not null)");
    }

    /** Drops it if it is there and no publication has it any more. */
    static void dropUnpublished(Connection source) throws SQLException {
        if (!holds(source, IS_PUBLISHED)) {
            execute(source, "drop table if exists " + Marker.TABLE.quoted());
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
