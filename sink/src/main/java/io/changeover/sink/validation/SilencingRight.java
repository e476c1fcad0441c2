package io.changeover.sink.validation;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Whether a role may keep foreign keys and triggers silent. No catalog of all versions and providers tells; only trying
 * does, and a transaction that is rolled back tries without a trace.
 */
final class SilencingRight {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private SilencingRight() {}

    /**
     * Tries it.
     *
     * @param target in a transaction, which afterwards can only be rolled back
     */
    static boolean isHeld(Connection target) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute("set local session_replication_role = replica");
            return true;
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** What to do about it. */
    static String remedy(String role) {
        return "may not set session_replication_role, without which foreign keys and triggers would act twice."
                + " PostgreSQL 15 and newer, as a superuser: grant set on parameter session_replication_role to "
                + role + ". Azure: alter role " + role + " replication. Amazon RDS: grant rds_superuser to " + role;
    }
}
