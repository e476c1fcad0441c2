package io.changeover.sink;

import io.changeover.postgres.Connections;
import io.changeover.sink.guard.ConstraintGuard;
import java.sql.Connection;
import java.sql.SQLException;

/** A JVM that sets everything aside, puts it back and validates it, unless it ends before. */
final class GuardProcess {

    private GuardProcess() {}

    public static void main(String[] arguments) throws SQLException {
        try (Connection target = Connections.open(ServerArguments.read(arguments), "guard process")) {
            ConstraintGuard.raise(target);
            GuardCase.restore(target);
            ConstraintGuard.validate(target);
        }
    }
}
