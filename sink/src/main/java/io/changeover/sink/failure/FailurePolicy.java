package io.changeover.sink.failure;

import java.sql.SQLException;
import java.util.List;

/**
 * What to do about an error of the target, by its SQLSTATE. What is not on the list stops: trying again would not help,
 * and going on would lose something.
 */
public enum FailurePolicy {
    /** Roll back, connect again, read the position, go on from there. */
    RETRY,
    /** Stop the task; a person has to read why. */
    STOP;

    /** Beginnings of SQLSTATEs: errors that pass by themselves, or with a server that comes back. */
    private static final List<String> PASSING = List.of(
            "08", // connection lost or not made
            "40001", // serialization failure
            "40P01", // deadlock
            "55P03", // lock not available
            "57P0", // shutdown, crash, starting up, session ended by an administrator
            "53300", // too many connections
            "25P03", // session ended by a timeout that somebody set
            "25P04", "25006"); // read-only: a standby during a failover, or storage that is nearly full

    public static FailurePolicy of(SQLException error) {
        String state = error.getSQLState();
        return state != null && PASSING.stream().anyMatch(state::startsWith) ? RETRY : STOP;
    }
}
