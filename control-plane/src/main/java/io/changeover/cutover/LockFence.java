package io.changeover.cutover;

import io.changeover.fault.CrashPoint;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every application from writing to the source. While the cutover is under way it is locks on all tables, held by
 * this connection: writers wait, and if this process dies, the locks are gone and they go on. Only when the target is
 * ready does it become lasting: the database is read-only by default, and the sessions that were there before are ended
 * while the locks still hold them.
 *
 * <p>The locks are a loan: if nothing is heard of this connection for somewhat longer than the freeze may last, because
 * its host is gone or the way is cut, the server ends the session by itself, and writers go on. So the fence may also
 * be lost while the cutover goes on, as by an administrator who ends the session; {@link #prove} finds that out before
 * the switch.
 */
public final class LockFence implements Fence {

    private static final Logger LOG = LoggerFactory.getLogger(LockFence.class);
    private static final Duration ONE_ATTEMPT = Duration.ofMillis(150);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";
    private static final int LONG_ATTEMPT_AFTER = 5;
    private static final Duration LONG_ATTEMPT = Duration.ofMillis(1500);

    /** After the end of the freeze, which lets go of the locks itself where it can. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final ServerSettings source;
    private final Connection locks;
    private final long raisedAt;
    private final TableName probe;

    private LockFence(ServerSettings source, Connection locks, long raisedAt, TableName probe) {
        this.source = source;
        this.locks = locks;
        this.raisedAt = raisedAt;
        this.probe = probe;
    }

    /**
     * Waits until no transaction writes and holds that moment. Tries in short attempts, so that applications never wait
     * long for a fence that does not come about.
     *
     * @param source the database, as a role that owns the tables
     * @param patience how long to try
     * @param freeze in which it is wanted
     * @throws CutoverGivenUp if a transaction on the source stayed open; nothing is held
     * @throws SQLException if the source does not answer; nothing is held
     */
    public static LockFence raise(ServerSettings source, Duration patience, Freeze freeze)
            throws SQLException, CutoverGivenUp {
        Connection connection = Connections.open(source, SourceSessions.APPLICATION);
        freeze.include(connection);
        try {
            List<TableName> tables = UserTables.writable(connection);
            if (tables.isEmpty()) {
                throw new CutoverGivenUp("The database " + source.database() + " has no tables to fence");
            }
            long raisedAt = lock(connection, tables, patience, freeze);
            LockFence fence = new LockFence(source, connection, raisedAt, tables.get(0));
            fence.requireRefused();
            return fence;
        } catch (SQLException | CutoverGivenUp | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static long lock(Connection connection, List<TableName> tables, Duration patience, Freeze freeze)
            throws SQLException, CutoverGivenUp {
        String sql =
                tables.stream().map(TableName::quoted).collect(Collectors.joining(", only ", "lock table only ", ""))
                        + " in share mode";
        connection.setAutoCommit(false);
        long deadline = System.nanoTime() + patience.toNanos();
        for (int attempt = 1; ; attempt++) {
            // an autovacuum gives way only to who waits for longer than deadlock_timeout, a second
            freeze.check();
            Duration wait = attempt % LONG_ATTEMPT_AFTER == 0 ? LONG_ATTEMPT : ONE_ATTEMPT;
            long begin = System.nanoTime();
            try (Statement statement = connection.createStatement()) {
                statement.execute("set local lock_timeout = '" + wait.toMillis()
                        + "ms'; set local idle_in_transaction_session_timeout = '"
                        + freeze.left().plus(GRACE).toMillis() + "ms'");
                statement.execute(sql);
                return begin;
            } catch (SQLException e) {
                connection.rollback();
                if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState()) && !DEADLOCK.equals(e.getSQLState())) {
                    throw e;
                }
                if (System.nanoTime() > deadline) {
                    throw new CutoverGivenUp(
                            "The source could not be fenced in " + patience.toSeconds()
                                    + " s, because a transaction that writes, or a vacuum, goes on. Find it with: select"
                                    + " pid, usename, xact_start, query from pg_stat_activity where"
                                    + " xact_start is not null order by xact_start; select * from pg_prepared_xacts",
                            e);
                }
                // writers go on meanwhile; the pause is random so that it does not beat with theirs
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(20_000_000, 80_000_000));
            }
        }
    }

    /** A write of another session must be refused. */
    private void requireRefused() throws SQLException, CutoverGivenUp {
        try (Connection other = Connections.open(source, SourceSessions.APPLICATION, Fence.ANSWER);
                Statement statement = other.createStatement()) {
            statement.execute("set lock_timeout = '20ms'");
            statement.execute("delete from only " + probe.quoted() + " where false");
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return;
            }
            throw e;
        }
        throw new CutoverGivenUp("The fence does not hold: a write to " + probe + " on the source was not refused");
    }

    @Override
    public long raisedAt() {
        return raisedAt;
    }

    @Override
    public void makeLasting(Consumer<CrashPoint> reached) throws SQLException, CutoverGivenUp {
        Fence.readOnly(source, true);
        reached.accept(CrashPoint.CUTOVER_AFTER_READ_ONLY);
        SourceSessions.end(source);
    }

    /**
     * Whoever can write has been held up by the locks, and has been ended since: if the transaction that took the locks
     * is still there. Otherwise somebody may have written behind the marker, and have been told that it is committed.
     */
    @Override
    public void prove() throws CutoverGivenUp {
        try (Statement statement = locks.createStatement()) {
            statement.execute("select from pg_locks where pid = pg_backend_pid()");
        } catch (SQLException e) {
            throw new CutoverGivenUp(
                    "The session that fenced the source was lost: somebody ended it, or the way to the source was cut."
                            + " What was written since may not be on the target; the source is writable",
                    e);
        }
    }

    @Override
    public void lower() {
        try {
            locks.rollback();
        } catch (SQLException e) {
            // what it was to let go of went with its session, as when recording the switch took longer than the loan
            LOG.warn("The session that fenced the source is gone already", e);
        }
    }

    @Override
    public void close() throws SQLException {
        locks.close();
    }
}
