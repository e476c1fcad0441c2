package io.changeover.sink.guard;

import java.sql.SQLException;

/** The guard cannot do what it has to. The message names the object and what to do; trying again does not help. */
public final class GuardRefusedException extends SQLException {

    private static final long serialVersionUID = 1L;

    /** A class of SQLSTATEs of our own: no policy takes it for something that passes. */
    private static final String STATE = "CO050";

    GuardRefusedException(String message) {
        super(message, STATE);
    }

    GuardRefusedException(String message, SQLException cause) {
        super(message, STATE, cause);
    }
}
