package io.changeover.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The role {@code replica} of a session ({@code session_replication_role}), in which foreign keys and ordinary triggers
 * are silent. A superuser may take it, and whoever was granted the parameter (15 and later); on Azure a role with
 * REPLICATION, on RDS {@code rds_superuser}. No catalog tells for sure: it has to be tried.
 */
public final class ReplicaRole {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private ReplicaRole() {}

    /**
     * Takes the role for the rest of the session.
     *
     * @param session in auto-commit mode
     * @return whether it has it now
     */
    public static boolean take(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("set session_replication_role = replica");
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
        return isTaken(session);
    }

    /** Whether the session has the role. */
    public static boolean isTaken(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery("show session_replication_role")) {
            rows.next();
            return "replica".equals(rows.getString(1));
        }
    }

    /**
     * Tries whether the session may take the role, and changes nothing.
     *
     * @param session without a transaction open
     */
    public static boolean isAllowed(Connection session) throws SQLException {
        boolean autoCommit = session.getAutoCommit();
        session.setAutoCommit(false);
        try (Statement statement = session.createStatement()) {
            statement.execute("set local session_replication_role = replica");
            return isTaken(session);
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        } finally {
            session.rollback();
            session.setAutoCommit(autoCommit);
        }
    }
}
