package io.changeover.sink.guard;

import io.changeover.fault.CrashPoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the guard of a target.
 *
 * @param target of the role that applies
 * @param how as its role needs it; once {@link Guarding#DDL} it stays so
 * @param mayBeReplica whether the role may take the replica role
 * @param evenIfReleased whether also after a cutover has put everything back
 */
record GuardRaising(Connection target, Guarding how, boolean mayBeReplica, boolean evenIfReleased) {

    /** Longer than deadlock_timeout, after which an autovacuum gives way; others wait behind us no longer than this. */
    static final String BRIEFLY = "set local lock_timeout = '1500ms'";

    private static final Logger LOG = LoggerFactory.getLogger(GuardRaising.class);

    Guarding raise() throws SQLException {
        boolean autoCommit = target.getAutoCommit();
        target.setAutoCommit(false);
        try {
            Guarding now = enter();
            target.commit();
            List<Guarded> acting = GuardCatalog.acting(target, now);
            refuseObstacles(acting, now);
            int major = GuardCatalog.major(target);
            target.rollback();
            for (Guarded one : acting) {
                setAside(one.aside(major));
            }
            if (!acting.isEmpty()) {
                LOG.info("Set aside on the target, with a record in changeover.guard ({}): {}", now.word(), acting);
            }
            return now;
        } finally {
            target.rollback();
            target.setAutoCommit(autoCommit);
        }
    }

    private Guarding enter() throws SQLException {
        Optional<GuardRecord.State> before = GuardRecord.lockState(target);
        refuseReleased(before);
        Guarding now =
                before.map(GuardRecord.State::mode).filter(Guarding.DDL::equals).orElse(how);
        GuardRecord.State next = new GuardRecord.State(now, false);
        if (!before.equals(Optional.of(next))) {
            GuardRecord.writeState(target, next);
            LOG.info("The target is guarded: {}", now.word());
        }
        return now;
    }

    private void refuseReleased(Optional<GuardRecord.State> state) throws GuardRefusedException {
        if (state.isPresent() && state.get().released() && !evenIfReleased) {
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

    private void setAside(SetAside aside) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(BRIEFLY);
            quietEventTriggers(statement);
            refuseReleased(GuardRecord.lockState(target));
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
            throw GuardErrors.explained(target, "set aside", aside, e);
        }
    }

    /** Ordinary event triggers do not fire in the replica role. */
    private void quietEventTriggers(Statement statement) throws SQLException {
        if (mayBeReplica) {
            statement.execute("set local session_replication_role = replica");
        }
    }
}
