package io.changeover.load;

import io.changeover.ledger.LimitLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ReplicaRole;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A loader's session on either side, opened when it is needed and kept from table to table: to connect takes longer
 * than to copy a small table. Not thread-safe.
 */
final class LoadSessions implements AutoCloseable {

    private static final String APPLICATION = "changeover-load";

    private final ServerSettings sourceServer;
    private final ServerSettings targetServer;
    private Optional<Connection> source = Optional.empty();
    private Optional<Connection> target = Optional.empty();
    private boolean silent;

    LoadSessions(ServerSettings source, ServerSettings target) {
        this.sourceServer = source;
        this.targetServer = target;
    }

    /** In no transaction; has the replica role, if it may. */
    Connection target() throws SQLException {
        if (target.isEmpty()) {
            Connection opened = Connections.open(targetServer, APPLICATION);
            target = Optional.of(opened);
            silent = ReplicaRole.take(opened);
        }
        return target.get();
    }

    /** Whether the target's session has the replica role. */
    boolean isSilent() {
        return silent;
    }

    /** In no transaction. */
    Connection source() throws SQLException {
        if (source.isEmpty()) {
            source = Optional.of(Connections.open(sourceServer, APPLICATION));
        }
        return source.get();
    }

    /**
     * Ends what both are in the middle of.
     *
     * @param isLong whether there may be nothing to do for so long that what lies between could forget a session: then
     *     the source's is closed
     */
    void rest(boolean isLong) throws SQLException {
        if (target.isPresent()) {
            end(target.get());
            LimitLedger.leavePlace(target.get());
        }
        if (source.isPresent()) {
            if (isLong) {
                source.get().close();
                source = Optional.empty();
            } else {
                end(source.get());
            }
        }
    }

    private static void end(Connection session) throws SQLException {
        if (!session.getAutoCommit()) {
            session.rollback();
            session.setAutoCommit(true);
        }
    }

    /** Closes both after a failure of either, which gets what else fails. */
    void abandon(Exception reason) {
        try {
            close();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public void close() throws SQLException {
        Optional<Connection> from = source;
        Optional<Connection> into = target;
        source = Optional.empty();
        target = Optional.empty();
        try {
            if (from.isPresent()) {
                from.get().close();
            }
        } finally {
            if (into.isPresent()) {
                into.get().close();
            }
        }
    }
}
