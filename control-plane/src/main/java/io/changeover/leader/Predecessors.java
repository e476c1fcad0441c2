package io.changeover.leader;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the sessions of control planes that led a pair before. A role may end its own sessions, and a migration's roles
 * cannot be changed once it has begun.
 */
final class Predecessors {

    private static final Logger LOG = LoggerFactory.getLogger(Predecessors.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_EVERY_NANOS = 20_000_000;

    /** As of a lock that is not available: it passes, or somebody ends the session. */
    private static final String NOT_AVAILABLE = "55P03";

    private static final String END = """
            select pid, application_name, pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
               and case when application_name ~ ('^changeover-[a-z]+ ' || ? || '[.][0-9]{1,18}$')
                        then substring(application_name from '[0-9]+$')::bigint < ? else false end""";

    private Predecessors() {}

    /**
     * Ends them, and waits until they are gone.
     *
     * @param session on the database that theirs are on
     * @throws SQLException if one does not end; what it does may still take effect, so that nobody may go on
     */
    static void end(Connection session, Mark mark) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> left = endOnce(session, mark);
        if (!left.isEmpty()) {
            LOG.warn("Ending sessions of a control plane that led {} before: {}", mark.stream(), left);
        }
        while (!left.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new SQLException(
                        "CO-2081: sessions of a control plane that led " + mark.stream() + " before do not end on "
                                + session.getMetaData().getURL() + ": " + left
                                + ". End them by hand, with select pg_terminate_backend(pid)",
                        NOT_AVAILABLE);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            left = endOnce(session, mark);
        }
    }

    private static List<String> endOnce(Connection session, Mark mark) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement end = session.prepareStatement(END)) {
            end.setString(1, mark.pair());
            end.setLong(2, mark.epoch());
            try (ResultSet rows = end.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getInt(1) + " (" + rows.getString(2) + ")");
                }
            }
        }
        return found;
    }
}
