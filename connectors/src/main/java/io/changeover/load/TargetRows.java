package io.changeover.load;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Set;

/** The rows of a table on the target, of its partitions if it has some, but not of tables that inherit from it. */
final class TargetRows {

    /** Referenced by a foreign key; no privilege. */
    private static final Set<String> NOT_TRUNCATED = Set.of("0A000", "42501");

    private TargetRows() {}

    /** Keeps everybody else from the table until the transaction ends. */
    static void lock(Connection target, TableName table) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute("lock table " + only(target, table) + table.quoted() + " in access exclusive mode");
        }
    }

    /** Removes them, at once where the server lets the role, else one by one. */
    static void remove(Connection target, TableName table) throws SQLException {
        String name = only(target, table) + table.quoted();
        Savepoint before = target.setSavepoint();
        try (Statement statement = target.createStatement()) {
            try {
                statement.execute("truncate " + name);
            } catch (SQLException e) {
                if (!NOT_TRUNCATED.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
                target.rollback(before);
                statement.execute("delete from " + name);
            }
        }
        target.releaseSavepoint(before);
    }

    /** A partitioned table has no rows of its own. */
    private static String only(Connection target, TableName table) throws SQLException {
        try (PreparedStatement select =
                target.prepareStatement("select relkind = 'p' from pg_class where oid = ?::regclass")) {
            select.setString(1, table.quoted());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() && rows.getBoolean(1) ? "" : "only ";
            }
        }
    }
}
