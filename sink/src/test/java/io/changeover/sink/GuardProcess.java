package io.changeover.sink;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.sink.guard.ConstraintGuard;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** A JVM that sets everything aside, puts it back and validates it, unless it ends before. */
final class GuardProcess {

    private GuardProcess() {}

    public static void main(String[] arguments) throws SQLException {
        ServerSettings server = new ServerSettings(
                arguments[0],
                Integer.parseInt(arguments[1]),
                arguments[2],
                arguments[3],
                arguments[4],
                "disable",
                Optional.empty());
        try (Connection target = Connections.open(server, "guard process")) {
            ConstraintGuard.raise(target);
            GuardCase.restore(target);
            ConstraintGuard.validate(target);
        }
    }
}
