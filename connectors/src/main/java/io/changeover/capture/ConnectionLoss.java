package io.changeover.capture;

import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a lost connection from an error that stays. Debezium starts again, with pauses and a limit, after an
 * {@link IOException}; a server that shuts down says so in SQL.
 */
final class ConnectionLoss {

    private ConnectionLoss() {}

    /** Whether the server may answer later: connection failures, shutdown and start, too many connections. */
    static boolean is(@Nullable String sqlState) {
        return sqlState != null
                && (sqlState.startsWith("08") || sqlState.startsWith("57P") || sqlState.startsWith("53"));
    }

    /** The same exception, with a cause that Debezium knows if it is a lost connection. */
    static SQLException marked(SQLException e) {
        if (is(e.getSQLState()) && !(e.getCause() instanceof IOException)) {
            return new SQLException(e.getMessage(), e.getSQLState(), new IOException("The connection is lost", e));
        }
        return e;
    }
}
