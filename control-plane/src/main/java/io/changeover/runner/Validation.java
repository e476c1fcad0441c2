package io.changeover.runner;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.sink.guard.ConstraintGuard;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Validates the foreign keys that a cutover has put back without a look at the rows, beside the applications. Never
 * while the target's tables are protected for the comparison: a TRUNCATE of an application would wait for the
 * protection to end, and the validation behind the TRUNCATE.
 */
final class Validation {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final RetryPolicy<Object> POLICY = RetryPolicy.builder()
            .handleIf(failure -> failure instanceof SQLException e && "55P03".equals(e.getSQLState()))
            .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(5))
            .withMaxRetries(-1)
            .withMaxDuration(PATIENCE)
            .build();

    private Validation() {}

    /** What is validated stays so; a lock that is not to be had is tried for ten minutes. */
    static void run(ServerSettings target) throws SQLException {
        try {
            Failsafe.with(POLICY).run(() -> once(target));
        } catch (FailsafeException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static void once(ServerSettings target) throws SQLException {
        try (Connection connection = Connections.open(target, "changeover-control")) {
            ConstraintGuard.validate(connection);
        }
    }
}
