package io.changeover.sink.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Says what the server refused, of what, and why. */
final class GuardErrors {

    private static final List<String> PASSING = List.of("08", "57P", "53", "55P03", "40");

    private GuardErrors() {}

    /**
     * What passes by itself stays as it is; the rest names the object, and whose event triggers may be the reason. The
     * server's detail, which has values, is left out.
     */
    static SQLException explained(Connection target, String what, SetAside aside, SQLException e) throws SQLException {
        String state = String.valueOf(e.getSQLState());
        if (PASSING.stream().anyMatch(state::startsWith)) {
            return new SQLException("could not " + what + " " + aside + ": " + e.getMessage(), state, e);
        }
        if (state.equals("23503")) {
            return new GuardRefusedException(
                    "CO-2055: " + aside + " does not hold: rows of the target violate it." + " See docs/errors.md", e);
        }
        List<String> eventTriggers = target.getAutoCommit() ? List.of() : eventTriggers(target);
        return new GuardRefusedException(
                "CO-2056: could not " + what + " " + aside + ": " + e.getMessage()
                        + (eventTriggers.isEmpty()
                                ? ""
                                : ". Event triggers of the target fire at this: " + eventTriggers
                                        + "; alter event trigger … disable, until the cutover"),
                e);
    }

    private static List<String> eventTriggers(Connection target) throws SQLException {
        target.rollback();
        return GuardCatalog.eventTriggers(target);
    }
}
