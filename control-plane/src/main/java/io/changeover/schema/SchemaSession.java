package io.changeover.schema;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The one session on the target that changes its structure. Opening it ends what a killed run has left there, so that a
 * step which that run had sent cannot take effect later.
 */
final class SchemaSession {

    /** What every session of this package calls itself. */
    static final String APPLICATION = "changeover-schema";

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;

    private static final String TERMINATE = """
            select count(pg_catalog.pg_terminate_backend(pid)) from pg_catalog.pg_stat_activity
             where split_part(application_name, ' ', 1) = '%s' and datname = current_database() and usename = current_user
               and pid <> pg_catalog.pg_backend_pid()""".formatted(APPLICATION);

    private SchemaSession() {}

    /**
     * Connects and waits until no other session of this package is there.
     *
     * @throws SchemaException if one does not end
     */
    static Connection open(ServerSettings target) throws SQLException, SchemaException, InterruptedException {
        Connection connection = Connections.open(target, APPLICATION);
        try {
            endOthers(connection, target);
            return connection;
        } catch (SQLException | SchemaException | InterruptedException e) {
            connection.close();
            throw e;
        }
    }

    private static void endOthers(Connection connection, ServerSettings target)
            throws SQLException, SchemaException, InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (others(connection) > 0) {
            if (System.nanoTime() - end > 0) {
                throw new SchemaException("A session of an earlier run (application_name " + APPLICATION + ") on "
                        + target + " does not end: end it with pg_terminate_backend and try again");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static long others(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TERMINATE)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
