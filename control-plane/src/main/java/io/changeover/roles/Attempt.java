package io.changeover.roles;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Runs statements of which one may be refused while the transaction goes on. */
final class Attempt {

    /** SQLSTATE: the same role was made by another session. */
    static final String DUPLICATE_OBJECT = "42710";

    static final String UNIQUE_VIOLATION = "23505";

    /** Rights, names, values: what the statement says. Anything else is of the session, the server or the moment. */
    private static final String REFUSALS = "^(0L|0P|22|23|2B|42).*";

    private Attempt() {}

    /**
     * What a server answered.
     *
     * @param state SQLSTATE
     * @param message its words, without values of rows
     */
    record Refusal(String state, String message) {}

    /**
     * Runs it in the current transaction.
     *
     * @return why it was refused, then it has changed nothing; empty if it was done
     * @throws SQLException if that is not for what it says: the transaction is lost, and may be tried again
     */
    static Optional<Refusal> run(Connection connection, String sql) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
            connection.releaseSavepoint(before);
            return Optional.empty();
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (!state.matches(REFUSALS)) {
                throw e;
            }
            connection.rollback(before);
            connection.releaseSavepoint(before);
            return Optional.of(new Refusal(state, said(e)));
        }
    }

    private static String said(SQLException e) {
        ServerErrorMessage message = e instanceof PSQLException server ? server.getServerErrorMessage() : null;
        return message == null ? String.valueOf(e.getMessage()) : String.valueOf(message.getMessage());
    }
}
