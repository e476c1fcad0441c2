package io.changeover.former;

import java.time.Instant;
import java.util.Optional;

/**
 * A session of a source that was left. What a role may not see of others' sessions is empty.
 *
 * @param session its process on the server
 * @param since when it connected
 * @param state as PostgreSQL has it; never the statement, which may hold values
 */
public record FormerClient(
        int session,
        String user,
        Optional<String> application,
        Optional<String> address,
        Optional<Instant> since,
        Optional<String> state,
        Kind kind) {

    /** How bad it is. */
    public enum Kind {
        /** It is there. */
        CONNECTED,
        /** Its transaction has failed, as one does that tries to write. */
        FAILED,
        /** It has written, in spite of the source's being read-only. */
        WRITES
    }

    /** For people. */
    public String words() {
        return "session " + session + " of " + user
                + application.map(name -> " (" + name + ")").orElse("")
                + address.map(host -> " from " + host).orElse("")
                + since.map(begin -> " since " + begin).orElse("")
                + switch (kind) {
                    case CONNECTED -> state.map(is -> ", " + is).orElse("");
                    case FAILED -> ", in a transaction that has failed";
                    case WRITES -> ", which WRITES";
                };
    }
}
