package io.changeover.runner;

import io.changeover.connect.ConnectFailure;
import io.changeover.schema.SchemaException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Tells troubles that pass from those that do not. */
final class Troubles {

    /** Connection lost, server starting or stopping, out of connections, lock not available, deadlock, conflict. */
    private static final List<String> PASSING = List.of("08", "57P", "53", "55P03", "40");

    private Troubles() {}

    /** Whether the same may succeed later without anybody doing anything here. */
    static boolean pass(Exception e) {
        if (e instanceof SQLException sql) {
            String state = sql.getSQLState();
            return state != null && PASSING.stream().anyMatch(state::startsWith);
        }
        if (e instanceof ConnectFailure connect) {
            return connect.isTemporary();
        }
        return e instanceof IOException && !(e instanceof SchemaException);
    }
}
