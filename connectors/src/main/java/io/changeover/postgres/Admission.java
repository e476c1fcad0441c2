package io.changeover.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Whether a session that has just been opened may be used. It is asked when the session is there, with its mark in
 * {@code application_name}, so that whoever takes over later finds and ends it.
 */
public interface Admission {

    /** Every session is let in, and none bears a mark. */
    Admission OPEN = new Admission() {

        @Override
        public String mark() {
            return "";
        }

        @Override
        public void admit(Connection session) {}
    };

    /** What {@code application_name} has behind the application's name and a space; empty for nothing. */
    String mark();

    /**
     * Lets a session in.
     *
     * @param session in auto-commit mode
     * @throws SQLException if it may not be used; the caller closes it
     */
    void admit(Connection session) throws SQLException;
}
