package io.changeover.verify;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database as it is at one moment, kept until it is closed: while it is held, any number of connections can read it
 * as it was. Taking one costs a round trip; so both sides' are taken in the freeze, and compared after it.
 *
 * <p>Holds back vacuum on its server while it is open. Thread-safe, but for {@link #close()}.
 */
public final class HeldSnapshot implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeldSnapshot.class);
    private static final String APPLICATION = "changeover-verify";
    private static final String BEGIN = "begin transaction isolation level repeatable read read only";

    private final ServerSettings server;
    private final Connection holder;
    private final String id;
    private final Queue<Connection> prepared = new ConcurrentLinkedQueue<>();
    private final Set<Connection> locking = ConcurrentHashMap.newKeySet();
    private volatile boolean released;

    private HeldSnapshot(ServerSettings server, Connection holder, String id) {
        this.server = server;
        this.holder = holder;
        this.id = id;
    }

    /**
     * Connects and takes a snapshot.
     *
     * @throws SQLException if the server cannot be reached or refuses
     */
    public static HeldSnapshot take(ServerSettings server) throws SQLException {
        return take(server, Connections.open(server, APPLICATION));
    }

    /**
     * Takes a snapshot on a connection that is open already: one round trip.
     *
     * @param server where further readers connect to
     * @param connection to that database, in auto-commit mode and the canonical settings; the snapshot closes it, also
     *     if this method fails
     * @throws SQLException if the server refuses
     */
    public static HeldSnapshot take(ServerSettings server, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(BEGIN + "; select pg_catalog.pg_export_snapshot()");
            statement.getMoreResults();
            try (ResultSet rows = statement.getResultSet()) {
                rows.next();
                return new HeldSnapshot(server, connection, rows.getString(1));
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Keeps applications from emptying tables under the snapshot: TRUNCATE and rewriting DDL do not respect snapshots
     * and wait from now on, until {@link #release()}. Reading and writing rows goes on.
     *
     * @param tables which; none of them may be locked by others
     * @param readers connections as for {@link #take(ServerSettings, Connection)}, which will do the reading: each has
     *     to hold the locks itself, or it would queue behind an application that waits for them
     */
    public void protect(Collection<TableName> tables, Collection<Connection> readers) throws SQLException {
        String lock = tables.stream().map(TableName::quoted).collect(Collectors.joining(", only "));
        for (Connection reader : readers) {
            begin(reader);
            prepared.add(reader);
        }
        List<Connection> all = new ArrayList<>(readers);
        all.add(holder);
        for (Connection connection : all) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("savepoint protected"
                        + (tables.isEmpty() ? "" : "; lock table only " + lock + " in access share mode"));
            }
            locking.add(connection);
        }
    }

    /** Lets TRUNCATE and DDL go on, as soon as what is being read now is read; the snapshot stays. */
    public void release() throws SQLException {
        released = true;
        unlock(holder);
    }

    /**
     * To be called before a reader reads: lets go of the locks if they are not wanted any more, or if the reading will
     * take long.
     */
    void beforeReading(Connection reader, boolean takesLong) throws SQLException {
        if (released || takesLong) {
            unlock(reader);
            unlock(holder);
        }
    }

    private void unlock(Connection connection) throws SQLException {
        if (locking.remove(connection)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("rollback to savepoint protected");
            }
        }
    }

    /** Opens one more connection that sees what this snapshot sees; it goes on seeing it after {@link #close()}. */
    Connection openReader() throws SQLException {
        Connection ready = prepared.poll();
        if (ready != null) {
            return ready;
        }
        Connection reader = Connections.open(server, APPLICATION);
        try {
            begin(reader);
            return reader;
        } catch (SQLException e) {
            reader.close();
            throw e;
        }
    }

    private void begin(Connection reader) throws SQLException {
        try (Statement statement = reader.createStatement()) {
            // the id comes from the server: hexadecimal digits and dashes
            statement.execute(BEGIN + "; set transaction snapshot '" + id.replace("'", "''") + "'");
        }
    }

    /** The connection that holds the snapshot; one thread at a time. */
    Connection connection() {
        return holder;
    }

    /** Whether it still is: the session that holds it may have ended, or its transaction failed. */
    public boolean isHeld() {
        try (Statement statement = holder.createStatement()) {
            statement.execute("select 1");
            return true;
        } catch (SQLException e) {
            LOG.debug("The snapshot of {} is lost", server.database(), e);
            return false;
        }
    }

    /** Where the snapshot was taken. */
    public ServerSettings server() {
        return server;
    }

    @Override
    public void close() throws SQLException {
        List<Connection> readers = new ArrayList<>();
        for (Connection reader = prepared.poll(); reader != null; reader = prepared.poll()) {
            readers.add(reader);
        }
        try (holder) {
            Connections.closeAll(readers);
        }
    }
}
