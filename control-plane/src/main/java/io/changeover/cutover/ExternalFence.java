package io.changeover.cutover;

import io.changeover.fault.CrashPoint;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator has stopped the applications; that nobody writes is proved over a time, and again at the end. Nothing is
 * locked, so this promises less than {@link LockFence}: a write in between is found and makes the cutover given up, but
 * it is not kept from happening.
 */
public final class ExternalFence implements Fence {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalFence.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final ServerSettings source;
    private final Connection looks;
    private final Activity idle;
    private final Freeze freeze;
    private final long raisedAt;

    private ExternalFence(ServerSettings source, Connection looks, Activity idle, Freeze freeze, long raisedAt) {
        this.source = source;
        this.looks = looks;
        this.idle = idle;
        this.freeze = freeze;
        this.raisedAt = raisedAt;
    }

    /**
     * Waits until nobody has written for a while.
     *
     * @param patience how long to wait for that to begin
     * @param idleFor how long nobody may write
     * @throws CutoverGivenUp if somebody goes on writing
     */
    static ExternalFence raise(ServerSettings source, Duration patience, Duration idleFor, Freeze freeze)
            throws SQLException, CutoverGivenUp {
        Connection connection = Connections.open(source, SourceSessions.APPLICATION);
        freeze.include(connection);
        try {
            long deadline = System.nanoTime() + patience.toNanos();
            Activity begin = Activity.read(connection);
            long since = System.nanoTime();
            while (System.nanoTime() - since < idleFor.toNanos()) {
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
                freeze.check();
                Activity now = Activity.read(connection);
                Optional<String> sign = now.since(begin);
                if (sign.isPresent()) {
                    begin = now;
                    since = System.nanoTime();
                    if (since - deadline > 0) {
                        throw new CutoverGivenUp("The source was not idle for " + idleFor.toMillis()
                                + " ms (spec.cutover.idleFor), although the applications are said to be stopped: "
                                + sign.get());
                    }
                }
            }
            return new ExternalFence(source, connection, begin, freeze, System.nanoTime());
        } catch (SQLException | CutoverGivenUp | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** From then on nobody wrote; the applications stand still since they were stopped. */
    @Override
    public long raisedAt() {
        return raisedAt;
    }

    @Override
    public void makeLasting(Consumer<CrashPoint> reached) throws SQLException, CutoverGivenUp {
        try {
            Fence.readOnly(source, true);
        } catch (SQLException e) {
            if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                throw e;
            }
            LOG.warn(
                    "The source cannot be made read-only, because the role does not own the database {}: keep the"
                            + " applications stopped",
                    source.database());
        }
        reached.accept(CrashPoint.CUTOVER_AFTER_READ_ONLY);
        SourceSessions.end(source);
        prove();
    }

    @Override
    public void prove() throws SQLException, CutoverGivenUp {
        Optional<String> sign = Activity.readFresh(looks, freeze).since(idle);
        if (sign.isPresent()) {
            throw new CutoverGivenUp(
                    "Somebody has written to the source since it was idle, although the applications are said to be"
                            + " stopped: " + sign.get());
        }
    }

    @Override
    public void lower() {}

    @Override
    public void close() throws SQLException {
        looks.close();
    }
}
