package io.changeover.sink.failure;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;

/** What of a server's error people may read: the message without DETAIL, and without the values it quotes. */
public final class ServerError {

    /** Errors about data quote the value last, and a value may hold quotes: everything between the outer ones goes. */
    private static final Pattern QUOTED = Pattern.compile("\".*\"", Pattern.DOTALL);

    private ServerError() {}

    /** {@code SQLSTATE: message}. */
    public static String describe(SQLException error) {
        SQLException cause = cause(error);
        String state = Optional.ofNullable(cause.getSQLState()).orElse("no SQLSTATE");
        String message = message(cause);
        return state + ": " + (state.startsWith("22") ? QUOTED.matcher(message).replaceAll("(value)") : message);
    }

    /** A copy to throw and log: the same stack, the message without values. */
    public static SQLException withoutValues(SQLException error) {
        SQLException copy = new SQLException(describe(error), error.getSQLState(), error.getErrorCode());
        copy.setStackTrace(error.getStackTrace());
        return copy;
    }

    /** The server's error behind that of a batch. */
    private static SQLException cause(SQLException error) {
        SQLException next = error.getNextException();
        return error instanceof BatchUpdateException && next != null ? next : error;
    }

    private static String message(SQLException error) {
        Optional<String> ofServer = error instanceof PSQLException server
                ? Optional.ofNullable(server.getServerErrorMessage()).map(parts -> parts.getMessage())
                : Optional.empty();
        return ofServer.orElseGet(() -> String.valueOf(error.getMessage()));
    }
}
