package io.changeover.schema;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

/**
 * Runs statements that need a lock which keeps everybody out. Whoever waits for such a lock makes all that come after
 * wait as well, so it is waited for in short attempts with pauses in between, in which applications go on.
 */
final class BriefLock {

    private static final Set<String> LOCK_CONFLICTS = Set.of("40P01", "55P03");
    private static final Duration ATTEMPT = Duration.ofMillis(250);

    /** Longer than deadlock_timeout, after which an autovacuum gives way. */
    private static final Duration LONG_ATTEMPT = Duration.ofMillis(1500);

    private static final int LONG_ATTEMPT_EVERY = 6;

    private final Connection connection;
    private final RetryPolicy<Object> policy;

    /**
     * Uses a session for this alone.
     *
     * @param connection in auto-commit mode
     * @param patience how long a lock is tried for
     */
    BriefLock(Connection connection, Duration patience) {
        this.connection = connection;
        this.policy = RetryPolicy.builder()
                .handleIf(failure -> failure instanceof SQLException e && isLockConflict(e))
                .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(2))
                .withJitter(0.2)
                .withMaxRetries(-1)
                .withMaxDuration(patience)
                .build();
    }

    /**
     * Runs a statement.
     *
     * @throws SQLException if it fails, or with SQLSTATE 55P03 or 40P01 if the lock was not to be had
     */
    void run(String sql) throws SQLException {
        try {
            Failsafe.with(policy).run(attempt -> execute(sql, attempt.getAttemptCount() + 1));
        } catch (FailsafeException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void execute(String sql, int attempt) throws SQLException {
        Duration timeout = attempt % LONG_ATTEMPT_EVERY == 0 ? LONG_ATTEMPT : ATTEMPT;
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("set lock_timeout = " + timeout.toMillis());
            statement.execute(sql);
        }
    }

    private static boolean isLockConflict(SQLException e) {
        String state = e.getSQLState();
        return state != null && LOCK_CONFLICTS.contains(state);
    }
}
