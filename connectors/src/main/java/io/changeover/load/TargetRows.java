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

    /** A lock that was not to be had; referenced by a foreign key; no privilege. */
    private static final Set<String> NOT_RENEWED = Set.of("55P03", "0A000", "42501");

    /** The lock is not asked for where the truncate would fail. */
    private static final String RENEWABLE = """
            select c.relkind = 'r' and has_table_privilege(c.oid, 'truncate')
                   and not exists (select from pg_constraint k where k.contype = 'f' and k.confrelid = c.oid)
            from pg_class c where c.oid = ?::regclass""";

    private TargetRows() {}

    /**
     * Makes an empty table as good as new, so that rows of this transaction can be written frozen: with all that a
     * later vacuum would have to write into each of them. It is locked until the transaction ends.
     *
     * @return whether that is possible: not with rows, partitions, or foreign keys to it, without the privilege to
     *     truncate it, or while somebody has it
     */
    static boolean renew(Connection target, TableName table) throws SQLException {
        Savepoint before = target.setSavepoint();
        try (PreparedStatement select = target.prepareStatement(RENEWABLE)) {
            select.setString(1, table.quoted());
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next() || !rows.getBoolean(1) || !truncateEmpty(target, table)) {
                    target.rollback(before);
                    return false;
                }
            }
        } catch (SQLException e) {
            if (!NOT_RENEWED.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            target.rollback(before);
            return false;
        }
        target.releaseSavepoint(before);
        return true;
    }

    private static boolean truncateEmpty(Connection target, TableName table) throws SQLException {
        String name = "only " + table.quoted();
        try (Statement statement = target.createStatement()) {
            statement.execute("set local lock_timeout = '2s'; lock table " + name
                    + " in access exclusive mode; set local lock_timeout = 0");
            try (ResultSet rows = statement.executeQuery("select exists (select from " + name + ")")) {
                rows.next();
                if (rows.getBoolean(1)) {
                    return false;
                }
            }
            statement.execute("truncate " + name);
            return true;
        }
    }

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
