package io.changeover.sink.guard;

import io.changeover.fault.CrashPoint;
import io.changeover.ledger.Ledger;
import io.changeover.postgres.ReplicaRole;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(ConstraintGuard.class);

    /** Longer than deadlock_timeout, after which an autovacuum gives way; others wait behind us no longer than this. */
    private static final String BRIEFLY = "set local lock_timeout = '1500ms'";

    private static final List<String> PASSING = List.of("08", "57P", "53", "55P03", "40");

    private ConstraintGuard() {}

    /** Who raises the guard, and how. */
    private record Raising(Connection target, Guarding how, boolean mayBeReplica, boolean evenIfReleased) {}

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
        return raise(new Raising(target, mayBeReplica ? Guarding.REPLICA : Guarding.DDL, mayBeReplica, true));
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
            return raise(new Raising(session, isReplica ? Guarding.REPLICA : Guarding.DDL, isReplica, false));
        } finally {
            session.rollback();
            session.setAutoCommit(autoCommit);
        }
    }

    private static Guarding raise(Raising raising) throws SQLException {
        Connection target = raising.target();
        boolean autoCommit = target.getAutoCommit();
        target.setAutoCommit(false);
        try {
            Guarding how = enter(raising);
            target.commit();
            List<Guarded> acting = GuardCatalog.acting(target, how);
            refuseObstacles(acting, how);
            int major = GuardCatalog.major(target);
            target.rollback();
            for (Guarded one : acting) {
                setAside(raising, one.aside(major));
            }
            if (!acting.isEmpty()) {
                LOG.info("Set aside on the target, with a record in changeover.guard ({}): {}", how.word(), acting);
            }
            return how;
        } finally {
            target.rollback();
            target.setAutoCommit(autoCommit);
        }
    }

    private static Guarding enter(Raising raising) throws SQLException {
        Optional<GuardRecord.State> before = GuardRecord.lockState(raising.target());
        refuseReleased(raising, before);
        Guarding how =
                before.map(GuardRecord.State::mode).filter(Guarding.DDL::equals).orElse(raising.how());
        GuardRecord.State next = new GuardRecord.State(how, false);
        if (!before.equals(Optional.of(next))) {
            GuardRecord.writeState(raising.target(), next);
            LOG.info("The target is guarded: {}", how.word());
        }
        return how;
    }

    private static void refuseReleased(Raising raising, Optional<GuardRecord.State> state)
            throws GuardRefusedException {
        if (state.isPresent() && state.get().released() && !raising.evenIfReleased()) {
            throw new GuardRefusedException("CO-2051: the target has been opened by a cutover, its triggers and foreign"
                    + " keys are back: nothing is applied to it any more. Delete this connector");
        }
    }

    private static void refuseObstacles(List<Guarded> acting, Guarding how) throws GuardRefusedException {
        List<String> obstacles =
                acting.stream().flatMap(one -> one.obstacle().stream()).toList();
        if (!obstacles.isEmpty()) {
            throw new GuardRefusedException("CO-2050: the role cannot set aside "
                    + String.join("; ", obstacles)
                    + (how == Guarding.DDL
                            ? ". Or let the role set session_replication_role, see docs/preflight.md, CO-1303"
                            : ""));
        }
    }

    private static void setAside(Raising raising, SetAside aside) throws SQLException {
        Connection target = raising.target();
        try (Statement statement = target.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(BRIEFLY);
            quietEventTriggers(raising.mayBeReplica(), statement);
            refuseReleased(raising, GuardRecord.lockState(target));
            GuardRecord.add(target, aside);
            CrashPoint.GUARD_BEFORE_CHANGE.hit();
            statement.execute(aside.remove());
            CrashPoint.GUARD_AFTER_CHANGE.hit();
            target.commit();
            CrashPoint.GUARD_AFTER_COMMIT.hit();
        } catch (GuardRefusedException e) {
            throw e;
        } catch (SQLException e) {
            target.rollback();
            throw explained(target, "set aside", aside, e);
        }
    }

    /** Ordinary event triggers do not fire in the replica role. */
    private static void quietEventTriggers(boolean mayBeReplica, Statement statement) throws SQLException {
        if (mayBeReplica) {
            statement.execute("set local session_replication_role = replica");
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
                    statement.execute(BRIEFLY);
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
            throw explained(target, what, aside, e);
        }
    }

    /**
     * What passes by itself stays as it is; the rest names the object, and whose event triggers may be the reason. The
     * server's detail, which has values, is left out.
     */
    private static SQLException explained(Connection target, String what, SetAside aside, SQLException e)
            throws SQLException {
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
