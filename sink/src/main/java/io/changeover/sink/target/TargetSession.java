package io.changeover.sink.target;

import io.changeover.ledger.Ledger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ReplicaRole;
import io.changeover.postgres.ServerSettings;
import io.changeover.sink.guard.GuardMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.kafka.connect.errors.ConnectException;

/** Opens connections that write as a replica does, if they may: foreign keys and ordinary triggers are silent there. */
public final class TargetSession {

    /** The server notices within half a minute that we are gone, and lets go of the stream's row. */
    private static final String KEEP_ALIVE =
            "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 4";

    /**
     * Rows are looked up by their keys, as many as the changes are, and not as many as the table has. A plan that was
     * made for the values of one set, or while the table was empty, would read all of it each time.
     */
    private static final String PLANS = """
            select set_config(name, value, false) from pg_settings
            join (values ('plan_cache_mode', 'force_generic_plan'), ('enable_seqscan', 'off'), ('jit', 'off'))
            as wanted (name, value) using (name)""";

    /** Those of the same stream that have a transaction open. A role may end its own sessions. */
    private static final String END_PREDECESSORS = """
            select pid, pg_terminate_backend(pid) from pg_stat_activity
            where application_name = current_setting('application_name') and pid <> pg_backend_pid()
            and datname = current_database() and usename = current_user and xact_start is not null""";

    private TargetSession() {}

    /** The same with {@link GuardMode#AUTO}. */
    public static Connection open(ServerSettings server, String stream) throws SQLException {
        return open(server, stream, GuardMode.AUTO);
    }

    /**
     * Connects, makes the ledger where there is none, and takes the replica's role if that is wanted and allowed.
     *
     * @return a connection without auto-commit
     * @throws ConnectException if nothing but the replica's role is wanted and the server refuses it; says what to
     *     grant
     */
    public static Connection open(ServerSettings server, String stream, GuardMode guard) throws SQLException {
        Connection target = Connections.open(server, "changeover sink " + stream);
        try (Statement statement = target.createStatement()) {
            statement.execute(KEEP_ALIVE);
            statement.execute(PLANS);
            Ledger.create(target);
            becomeReplica(server, target, guard);
            target.setAutoCommit(false);
            return target;
        } catch (SQLException | RuntimeException e) {
            target.close();
            throw e;
        }
    }

    /**
     * Ends what earlier owners of the stream have under way. They are fenced and could not commit it; but one that
     * hangs would hold the locks of all rows it has changed.
     *
     * @param target a session of the stream's new owner
     * @return how many were ended
     */
    public static int endPredecessors(Connection target) throws SQLException {
        int ended = 0;
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(END_PREDECESSORS)) {
            while (rows.next()) {
                ended++;
            }
        }
        return ended;
    }

    private static void becomeReplica(ServerSettings server, Connection target, GuardMode guard) throws SQLException {
        switch (guard) {
            case AUTO, REPLICA -> {
                if (!ReplicaRole.take(target) && guard == GuardMode.REPLICA) {
                    throw new ConnectException(refused(server));
                }
            }
            case DDL, NONE -> {}
        }
    }

    private static String refused(ServerSettings server) {
        return "The target " + server + " does not let role " + server.user() + " set session_replication_role,"
                + " and constraint.guard is 'replica': without it foreign keys and triggers would act twice. PostgreSQL 15 and newer, as a superuser:"
                + " grant set on parameter session_replication_role to \"" + server.user() + "\"."
                + " Azure: alter role \"" + server.user() + "\" replication, or the server parameter"
                + " session_replication_role. Amazon RDS: grant rds_superuser to \"" + server.user() + "\"";
    }
}
