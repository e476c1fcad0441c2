package io.changeover.sink.failure;

import io.changeover.postgres.TableName;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What of a server's error people may read: the message without DETAIL, HINT and CONTEXT, and without values. A message
 * quotes names and values in the same way, so quotes are kept only where there can be nothing but names in them.
 */
public final class ServerError {

    /** From the first quote to the last, for a value may hold quotes. Servers quote as their language does. */
    private static final Pattern QUOTED = Pattern.compile("[\"'«»„“”‚‘’‹›「」『』].*[\"'«»„“”‚‘’‹›「」『』]", Pattern.DOTALL);

    /** Bytes of a character, which encoding errors show. */
    private static final Pattern BYTES = Pattern.compile("(0x[0-9a-f]{2} ?)+");

    /** Classes of errors whose messages quote databases, roles, relations, columns and constraints only. */
    private static final List<String> QUOTING_NAMES =
            List.of("08", "23", "25", "28", "3D", "40", "42501", "42703", "44", "53", "54", "55", "57", "58", "CO");

    /** Where the server raises what a function in PL/pgSQL says, with any SQLSTATE. */
    private static final String RAISED = "exec_stmt_raise";

    private ServerError() {}

    /** {@code SQLSTATE: message}. */
    public static String describe(SQLException error) {
        SQLException cause = cause(error);
        return sqlState(cause) + ": " + message(cause);
    }

    /** The table that the server names, as it does for constraints. */
    public static Optional<TableName> table(SQLException error) {
        return cause(error) instanceof PSQLException known
                ? Optional.ofNullable(known.getServerErrorMessage())
                        .filter(parts -> parts.getSchema() != null && parts.getTable() != null)
                        .map(parts ->
                                new TableName(String.valueOf(parts.getSchema()), String.valueOf(parts.getTable())))
                : Optional.empty();
    }

    /** The SQLSTATE, or words for none. */
    public static String sqlState(SQLException error) {
        return Optional.ofNullable(cause(error).getSQLState()).orElse("no SQLSTATE");
    }

    /** A copy to throw and log: the same stack, the message without values, no cause. */
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
        Optional<ServerErrorMessage> server = error instanceof PSQLException known
                ? Optional.ofNullable(known.getServerErrorMessage())
                : Optional.empty();
        if (server.filter(parts -> RAISED.equals(parts.getRoutine())).isPresent()) {
            return "raised by a function of the target, whose own words are in the server's log";
        }
        String message = server.map(parts -> parts.getMessage()).orElseGet(() -> String.valueOf(error.getMessage()));
        boolean ofStatement = server.filter(parts -> parts.getPosition() > 0).isPresent();
        return quotesNamesOnly(String.valueOf(error.getSQLState())) || ofStatement
                ? message
                : BYTES.matcher(QUOTED.matcher(message).replaceAll("(value)")).replaceAll("(bytes)");
    }

    private static boolean quotesNamesOnly(String state) {
        return QUOTING_NAMES.stream().anyMatch(state::startsWith);
    }
}
