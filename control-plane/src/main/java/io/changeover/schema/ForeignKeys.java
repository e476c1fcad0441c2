package io.changeover.schema;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedRunnable;
import io.changeover.ledger.Ledger;
import io.changeover.sink.guard.ConstraintGuard;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds foreign keys to tables that the sink writes to. Each is added without a look at the rows, under a short lock,
 * and then validated beside the sink; only on partitioned tables PostgreSQL insists on doing both at once. A lock that
 * cannot be had is given up, so that the sink does not queue behind it, and tried again.
 */
final class ForeignKeys {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignKeys.class);
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final Set<String> LOCK_CONFLICTS = Set.of("40P01", "55P03");
    private static final String CHANGED = "40001";
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String LOCK_TIMEOUT = "set lock_timeout = '3s'";

    private final Connection target;
    private final RetryPolicy<Object> policy;

    /**
     * Uses a session for this alone.
     *
     * @param target in auto-commit mode
     * @param patience how long a lock is tried for
     */
    ForeignKeys(Connection target, Duration patience) {
        this.target = target;
        this.policy = RetryPolicy.builder()
                .handleIf(failure -> failure instanceof SQLException e && isLockConflict(e))
                .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                .withJitter(0.2)
                .withMaxRetries(-1)
                .withMaxDuration(patience)
                .build();
    }

    /**
     * Adds what is missing, validates what is not validated. One that rows violate is left NOT VALID; one of a table
     * that the target lacks, or to one, is left out.
     *
     * @param wanted the source's
     * @return those that were added now
     * @throws SchemaException names the first that could not be added; those before it are there
     * @throws SQLException with SQLSTATE 40001 if sessions without the replica role have come meanwhile: foreign keys
     *     would act on what they apply
     */
    List<ForeignKey> add(List<ForeignKey> wanted) throws SQLException, SchemaException {
        Ledger.create(target);
        execute(LOCK_TIMEOUT);
        List<ForeignKey> present = ForeignKey.read(target);
        List<ForeignKey> added = new ArrayList<>();
        for (ForeignKey key : wanted) {
            Optional<ForeignKey> same = present.stream().filter(key::sameNameAs).findFirst();
            if (same.isEmpty() && !isAdded(key)) {
                continue;
            }
            if (same.isEmpty()) {
                added.add(key);
            }
            if (key.isValidatedLater() && !same.map(ForeignKey::validated).orElse(false)) {
                persistently(key, () -> validate(key));
            }
        }
        return List.copyOf(added);
    }

    private boolean isAdded(ForeignKey key) throws SQLException, SchemaException {
        try {
            persistently(key, () -> addBesideReplicas(key));
            return true;
        } catch (SchemaException e) {
            if (e.getCause() instanceof SQLException cause && UNDEFINED_TABLE.equals(cause.getSQLState())) {
                LOG.warn("Foreign key {} is left out: {}", key, cause.getMessage());
                return false;
            }
            throw e;
        }
    }

    private void addBesideReplicas(ForeignKey key) throws SQLException {
        target.setAutoCommit(false);
        try {
            if (!ConstraintGuard.holdReplica(target)) {
                throw new SQLException("a session applies without the replica role", CHANGED);
            }
            execute(key.add());
            target.commit();
        } finally {
            target.rollback();
            target.setAutoCommit(true);
        }
    }

    private void validate(ForeignKey key) throws SQLException {
        try {
            execute(key.validate());
        } catch (SQLException e) {
            if (!FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            LOG.warn("Foreign key {} does not hold on the target; it stays NOT VALID", key);
        }
    }

    private void persistently(ForeignKey key, CheckedRunnable work) throws SQLException, SchemaException {
        try {
            Failsafe.with(policy).run(work);
        } catch (FailsafeException e) {
            if (e.getCause() instanceof SQLException changed && CHANGED.equals(changed.getSQLState())) {
                throw changed;
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new SchemaException("Could not add the foreign key " + key + ": " + cause.getMessage(), cause);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private static boolean isLockConflict(SQLException e) {
        String state = e.getSQLState();
        return state != null && LOCK_CONFLICTS.contains(state);
    }
}
