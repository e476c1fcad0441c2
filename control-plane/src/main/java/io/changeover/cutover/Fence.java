package io.changeover.cutover;

import io.changeover.postgres.Connections;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every application from writing to the source. While the cutover is under way it is locks on all tables, held by
 * this connection: writers wait, and if this process dies, the locks are gone and they go on. Only when the target is
 * ready does it become lasting: the database is read-only by default, and the sessions that were there before are ended
 * while the locks still hold them.
 */
public final class Fence implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Fence.class);
    private static final String APPLICATION = "changeover-fence";
    private static final Duration ONE_ATTEMPT = Duration.ofMillis(150);
    private static final Duration SESSIONS_END = Duration.ofSeconds(5);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final int LONG_ATTEMPT_AFTER = 5;
    private static final Duration LONG_ATTEMPT = Duration.ofMillis(1500);

    private final ServerSettings source;
    private final Connection locks;
    private final long raisedAt;
    private final TableName probe;

    private Fence(ServerSettings source, Connection locks, long raisedAt, TableName probe) {
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
     * @throws CutoverGivenUp if a transaction on the source stayed open; nothing is held
     * @throws SQLException if the source does not answer; nothing is held
     */
    public static Fence raise(ServerSettings source, Duration patience) throws SQLException, CutoverGivenUp {
        Connection connection = Connections.open(source, APPLICATION);
        try {
            List<TableName> tables = UserTables.writable(connection);
            if (tables.isEmpty()) {
                throw new CutoverGivenUp("The database " + source.database() + " has no tables to fence");
            }
            long raisedAt = lock(connection, tables, patience);
            Fence fence = new Fence(source, connection, raisedAt, tables.get(0));
            fence.prove();
            return fence;
        } catch (SQLException | CutoverGivenUp | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static long lock(Connection connection, List<TableName> tables, Duration patience)
            throws SQLException, CutoverGivenUp {
        String sql =
                tables.stream().map(TableName::quoted).collect(Collectors.joining(", only ", "lock table only ", ""))
                        + " in share mode";
        connection.setAutoCommit(false);
        long deadline = System.nanoTime() + patience.toNanos();
        for (int attempt = 1; ; attempt++) {
            // an autovacuum gives way only to who waits for longer than deadlock_timeout, a second
            Duration wait = attempt % LONG_ATTEMPT_AFTER == 0 ? LONG_ATTEMPT : ONE_ATTEMPT;
            long begin = System.nanoTime();
            try (Statement statement = connection.createStatement()) {
                statement.execute("set local lock_timeout = '" + wait.toMillis() + "ms'");
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
    private void prove() throws SQLException, CutoverGivenUp {
        try (Connection other = Connections.open(source, APPLICATION);
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

    /** When the fence was raised, by {@link System#nanoTime()}: from then on writers may have waited. */
    public long raisedAt() {
        return raisedAt;
    }

    /**
     * Makes the fence last: new sessions of the source database are read-only, and those that wait at the locks are
     * ended. When this returns nobody is left who could write, even if the locks went.
     *
     * @throws CutoverGivenUp if sessions do not end
     */
    public void makeLasting() throws SQLException, CutoverGivenUp {
        readOnly(source, true);
        long deadline = System.nanoTime() + SESSIONS_END.toNanos();
        try (Connection other = Connections.open(source, APPLICATION)) {
            while (endSessions(other) > 0) {
                if (System.nanoTime() > deadline) {
                    throw new CutoverGivenUp("Sessions of applications on the source do not end in "
                            + SESSIONS_END.toSeconds() + " s: end them by hand and try again");
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    /** Ends sessions of others; returns how many there still were. Those of superusers cannot be ended, nor fenced. */
    private static int endSessions(Connection connection) throws SQLException {
        // what the role may not see of other roles' sessions is null, and before 10 there is no backend_type
        String sql = """
                select pid, usename::text from pg_stat_activity a where datname = current_database()
                and coalesce(to_jsonb(a) ->> 'backend_type', 'client backend') = 'client backend' and pid <> pg_backend_pid()
                and pid not in (select pid from pg_stat_replication)
                and not (usename = current_user and application_name ~ '^(changeover-|Debezium)')""";
        Map<Integer, String> sessions = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                sessions.put(rows.getInt(1), String.valueOf(rows.getString(2)));
            }
        }
        int ended = 0;
        for (Map.Entry<Integer, String> session : sessions.entrySet()) {
            ended += end(connection, session.getKey(), session.getValue()) ? 1 : 0;
        }
        return ended;
    }

    private static boolean end(Connection connection, int pid, String role) throws SQLException {
        try (PreparedStatement terminate = connection.prepareStatement("select pg_terminate_backend(?)")) {
            terminate.setInt(1, pid);
            terminate.execute();
            LOG.info("Ended the session {} of {} on the source", pid, role);
            return true;
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                LOG.warn("The session {} of {} on the source may not be ended: it is a superuser's", pid, role);
                return false;
            }
            throw e;
        }
    }

    /** Lets go of the locks when they are not needed any more. */
    public void lower() throws SQLException {
        locks.rollback();
    }

    /** Makes new sessions of a database read-only, or writable again. */
    public static void readOnly(ServerSettings source, boolean on) throws SQLException {
        try (Connection connection = Connections.open(source, APPLICATION);
                Statement statement = connection.createStatement()) {
            statement.execute("alter database " + Identifier.quote(source.database())
                    + (on ? " set default_transaction_read_only = on" : " reset default_transaction_read_only"));
        }
    }

    /** Lets go of the locks: the source is as it was, unless the fence was made to last. */
    @Override
    public void close() throws SQLException {
        locks.close();
    }
}
