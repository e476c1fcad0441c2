package io.changeover.cutover;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions of applications on the source. */
final class SourceSessions {

    static final String APPLICATION = "changeover-fence";

    private static final Logger LOG = LoggerFactory.getLogger(SourceSessions.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private SourceSessions() {}

    /**
     * Ends those that are there; whoever connects from now on comes under the settings of the database.
     *
     * @throws CutoverGivenUp if they do not end
     */
    static void end(ServerSettings source) throws SQLException, CutoverGivenUp {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Connection other = Connections.open(source, APPLICATION, Fence.ANSWER)) {
            while (endSessions(other) > 0) {
                if (System.nanoTime() > deadline) {
                    throw new CutoverGivenUp("Sessions of applications on the source do not end in "
                            + PATIENCE.toSeconds() + " s: end them by hand and try again");
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    /** Ends sessions of others; returns how many there still were. Those of superusers cannot be ended, nor fenced. */
    private static int endSessions(Connection connection) throws SQLException {
        // what the role may not see of other roles' sessions is null, and before 10 there is no backend_type
        String sql = """
                select pid, usename::text from pg_stat_activity a where datname = current_database()
                and coalesce(to_jsonb(a) ->> 'backend_type', 'client backend') = 'client backend' and pid <> pg_backend_pid()
                and pid not in (select pid from pg_stat_replication)
                and not (usename = current_user and application_name ~ '^(changeover-|Debezium)')""";
        Map<Integer, String> sessions = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                sessions.put(rows.getInt(1), String.valueOf(rows.getString(2)));
            }
        }
        int ended = 0;
        for (Map.Entry<Integer, String> session : sessions.entrySet()) {
            ended += end(connection, session.getKey(), session.getValue()) ? 1 : 0;
        }
        return ended;
    }

    private static boolean end(Connection connection, int pid, String role) throws SQLException {
        try (PreparedStatement terminate = connection.prepareStatement("select pg_terminate_backend(?)")) {
            terminate.setInt(1, pid);
            terminate.execute();
            LOG.info("Ended the session {} of {} on the source", pid, role);
            return true;
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                LOG.warn("The session {} of {} on the source may not be ended: it is a superuser's", pid, role);
                return false;
            }
            throw e;
        }
    }
}
