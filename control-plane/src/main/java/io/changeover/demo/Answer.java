package io.changeover.demo;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** What the write load does about an error, as an application would. */
enum Answer {
    /** The transaction met another one: roll back and go on. */
    TRY_AGAIN,
    /** The server is gone or refuses writes: drop the connection and ask where to write now. */
    RECONNECT,
    /** Anything else is a bug, in the application or in what moved its database. */
    STOP;

    private static final Set<String> MET_ANOTHER = Set.of("40001", "40P01");
    private static final String READ_ONLY_TRANSACTION = "25006";

    /**
     * How a server says that nobody may connect: role without login, connect revoked, database without connections, too
     * many of them. A wrong password is not among them.
     */
    private static final Set<String> NOBODY_MAY_CONNECT = Set.of("28000", "42501", "55000", "53300");

    /** The answer to an error of a statement or a commit. */
    static Answer toFailedStatement(SQLException error) {
        String state = state(error);
        if (MET_ANOTHER.contains(state)) {
            return TRY_AGAIN;
        }
        return isGone(state) || state.equals(READ_ONLY_TRANSACTION) ? RECONNECT : STOP;
    }

    /** The answer to an error while connecting. */
    static Answer toFailedConnect(SQLException error) {
        String state = state(error);
        return isGone(state) || NOBODY_MAY_CONNECT.contains(state) ? RECONNECT : STOP;
    }

    private static boolean isGone(String state) {
        return state.startsWith("08") || state.startsWith("57P0");
    }

    private static String state(SQLException error) {
        return Optional.ofNullable(error.getSQLState()).orElse("");
    }
}
