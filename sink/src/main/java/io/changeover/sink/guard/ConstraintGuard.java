package io.changeover.sink.guard;

import io.changeover.fault.CrashPoint;
import io.changeover.ledger.Ledger;
import io.changeover.postgres.ReplicaRole;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Foreign keys, triggers and rules have acted on the source; on the target they must not act again on what is applied.
 *
 * <p>Sessions that have the replica role need only be kept from what fires even there. Once a session did not get the
 * role, the target is guarded by {@link Guarding#DDL}: what fires is disabled, foreign keys are dropped. That stays so
 * if the right is granted later, because sessions without the role may still be there.
 *
 * <p>States and what moves them: {@code none → raised} by {@link #raise} or {@link #keep}; {@code raised → released} by
 * {@link #restore}, in the transaction that takes the stream from the sink; {@code released → raised} by {@link #raise}
 * alone, when a cutover is rolled back: a sink that comes too late finds an open target and stops. Each object is set
 * aside in a transaction with its record, so that a crash leaves what is recorded, and the next call goes on.
 */
public final class ConstraintGuard {

    private ConstraintGuard() {}

    /**
     * Raises the guard, also again after {@link #restore}.
     *
     * @param target in auto-commit mode, of the role that applies
     * @return how the target is guarded now
     * @throws GuardRefusedException names what cannot be set aside
     * @throws SQLException with SQLSTATE 55P03 if a lock was not to be had: try again
     */
    public static Guarding raise(Connection target) throws SQLException {
        Ledger.create(target);
        boolean mayBeReplica = ReplicaRole.isAllowed(target);
        return new GuardRaising(target, mayBeReplica ? Guarding.REPLICA : Guarding.DDL, mayBeReplica, true).raise();
    }

    /**
     * Raises the guard for the session that applies, as its role needs it; refuses once the target is open. Every
     * session anew: the right to the replica role may have come or gone.
     *
     * @param session without a transaction open
     * @param mode what is wanted
     * @throws GuardRefusedException names what cannot be set aside, or says that the target is open
     * @throws SQLException with SQLSTATE 55P03 if a lock was not to be had: try again
     */
    public static void keep(Connection session, GuardMode mode) throws SQLException {
        if (mode != GuardMode.NONE) {
            keep(session);
        }
    }

    /** The same in every mode that guards. */
    public static Guarding keep(Connection session) throws SQLException {
        boolean isReplica = ReplicaRole.isTaken(session);
        boolean autoCommit = session.getAutoCommit();
        session.setAutoCommit(false);
        try {
            return new GuardRaising(session, isReplica ? Guarding.REPLICA : Guarding.DDL, isReplica, false).raise();
        } finally {
            session.rollback();
            session.setAutoCommit(autoCommit);
        }
    }

    /**
     * Puts everything back. Foreign keys that can be are added without a look at the rows, and wait for
     * {@link #validate}. The caller's transaction decides whether it lasts.
     *
     * @param target with a transaction open
     * @return how many were put back
     * @throws GuardRefusedException names what could not be put back
     */
    public static int restore(Connection target) throws SQLException {
        Guarding mode =
                GuardRecord.lockState(target).map(GuardRecord.State::mode).orElse(Guarding.REPLICA);
        GuardRecord.writeState(target, new GuardRecord.State(mode, true));
        List<SetAside> all = GuardRecord.setAside(target);
        CrashPoint.GUARD_BEFORE_RESTORE.hit();
        for (SetAside aside : all) {
            putBack(target, aside);
        }
        CrashPoint.GUARD_AFTER_RESTORE.hit();
        return all.size();
    }

    private static void putBack(Connection target, SetAside aside) throws SQLException {
        execute(target, aside, "put back", aside.restore());
        if (aside.validate().isPresent()) {
            GuardRecord.markRestored(target, aside);
        } else {
            GuardRecord.delete(target, aside);
        }
    }

    /**
     * Validates the foreign keys that {@link #restore} has put back, one by one; applications may write meanwhile.
     *
     * @param target in auto-commit mode
     * @throws GuardRefusedException names the key that does not hold
     */
    public static int validate(Connection target) throws SQLException {
        target.setAutoCommit(false);
        try {
            List<SetAside> keys = GuardRecord.toValidate(target);
            target.commit();
            for (SetAside key : keys) {
                try (Statement statement = target.createStatement()) {
                    statement.execute(GuardRaising.BRIEFLY);
                }
                CrashPoint.GUARD_BEFORE_VALIDATE.hit();
                execute(target, key, "validate", key.validate().orElseThrow());
                GuardRecord.delete(target, key);
                CrashPoint.GUARD_AFTER_VALIDATE.hit();
                target.commit();
            }
            return keys.size();
        } finally {
            target.rollback();
            target.setAutoCommit(true);
        }
    }

    private static void execute(Connection target, SetAside aside, String what, String sql) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (SQLException e) {
            throw GuardErrors.explained(target, what, aside, e);
        }
    }

    /**
     * Keeps the way of guarding as it is until the transaction ends.
     *
     * @param target with a transaction open
     * @return whether every session that applies has the replica role, or none has come yet, so that foreign keys may
     *     be there
     */
    public static boolean holdReplica(Connection target) throws SQLException {
        return GuardRecord.holdState(target)
                .map(state -> state.mode() == Guarding.REPLICA)
                .orElse(true);
    }

    /**
     * Records foreign keys that are not on the target yet, so that they are added when the others are put back.
     *
     * @param target in auto-commit mode
     * @param wanted keys of the source
     */
    public static void expect(Connection target, List<ForeignKeyFacts> wanted) throws SQLException {
        int major = GuardCatalog.major(target);
        target.setAutoCommit(false);
        try {
            for (ForeignKeyFacts key : wanted) {
                GuardRecord.add(target, key.withoutChildren().aside(major));
            }
            target.commit();
        } finally {
            target.rollback();
            target.setAutoCommit(true);
        }
    }

    /**
     * What stands in the way of putting everything back, one sentence each: something in the record that is gone.
     *
     * @param target open, in any mode
     */
    public static List<String> complaints(Connection target) throws SQLException {
        return GuardRecord.stale(target).stream()
                .map(what -> "CO-2054: " + what + " was set aside and is not there any more. Make it again, or delete"
                        + " its row in changeover.guard")
                .toList();
    }

    /** Whether something is set aside, or will be: the guard was raised, and not released since. */
    public static boolean isRaised(Connection target) throws SQLException {
        return GuardRecord.holdState(target).filter(state -> !state.released()).isPresent();
    }

    /** What acts on the rows that are applied although the guard is raised: made or enabled since. */
    public static List<String> acting(Connection target) throws SQLException {
        Guarding how =
                GuardRecord.holdState(target).map(GuardRecord.State::mode).orElse(Guarding.REPLICA);
        int major = GuardCatalog.major(target);
        return GuardCatalog.acting(target, how).stream()
                .map(one -> one.aside(major).toString())
                .toList();
    }
}
