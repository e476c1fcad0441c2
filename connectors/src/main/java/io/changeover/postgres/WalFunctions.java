package io.changeover.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The functions that say where a server is in its WAL, under the names that they have there: PostgreSQL 10 renamed
 * them.
 */
public enum WalFunctions {
    /** Before PostgreSQL 10. */
    XLOG("pg_catalog.pg_current_xlog_location", "pg_catalog.pg_current_xlog_insert_location", "xlog_location"),
    WAL("pg_catalog.pg_current_wal_lsn", "pg_catalog.pg_current_wal_insert_lsn", "wal_lsn");

    private static final int RENAMED = 10;

    private final String written;
    private final String inserted;
    private final String suffix;

    WalFunctions(String written, String inserted, String suffix) {
        this.written = written;
        this.inserted = inserted;
        this.suffix = suffix;
    }

    /** Those of a server. */
    public static WalFunctions of(Connection server) throws SQLException {
        return server.getMetaData().getDatabaseMajorVersion() >= RENAMED ? WAL : XLOG;
    }

    /** SQL for the position up to which WAL was written, a pg_lsn. */
    public String written() {
        return written + "()";
    }

    /** SQL for the position at which the next record begins, a pg_lsn. */
    public String inserted() {
        return inserted + "()";
    }

    /** SQL for the bytes from one position to a later one, a numeric. */
    public String bytes(String later, String earlier) {
        return "pg_catalog.pg_" + suffix + "_diff(" + later + ", " + earlier + ")";
    }
}
