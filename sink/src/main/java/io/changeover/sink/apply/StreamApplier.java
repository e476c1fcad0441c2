package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.ledger.LoadLedger;
import io.changeover.ledger.StreamLedger;
import io.changeover.ledger.StreamLedger.Position;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.ServerError;
import io.changeover.sink.failure.TableNotLoadedException;
import io.changeover.sink.group.Group;
import io.changeover.sink.group.TransactionBuffer;
import io.changeover.sink.target.TargetSession;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies one stream to one target, as its owner from {@link #open} until another one opens it. Not thread-safe.
 *
 * <p>States: connected, and not connected after {@link #disconnect()}. In both it holds what was taken and is not
 * applied; the next {@link #apply()} connects again, reads the position, and by it knows whether a commit whose answer
 * was lost took place.
 */
public final class StreamApplier {

    private static final Logger LOG = LoggerFactory.getLogger(StreamApplier.class);

    private record Session(Connection target, GroupApplier applier, LoadedTables loads) {}

    private final ServerSettings server;
    private final String stream;
    private final int batchSize;
    private final TransactionBuffer buffer;
    private Position position;
    private Optional<Session> session;

    private StreamApplier(
            ServerSettings server, String stream, int batchSize, Position position, Optional<Session> session) {
        this.server = server;
        this.stream = stream;
        this.batchSize = batchSize;
        this.position = position;
        this.session = session;
        this.buffer = new TransactionBuffer(position.topicOffset(), position.commitLsn());
    }

    /**
     * Connects, and takes the stream over from whoever has it.
     *
     * @param batchSize changes in a target transaction at most; a larger source transaction stays whole
     */
    public static StreamApplier open(ServerSettings server, String stream, int batchSize) throws SQLException {
        Connection target = TargetSession.open(server, stream);
        try {
            Position position = StreamLedger.open(target, stream);
            target.commit();
            return new StreamApplier(server, stream, batchSize, position, Optional.of(startSession(target, stream)));
        } catch (SQLException | RuntimeException e) {
            target.close();
            throw e;
        }
    }

    /** The offset of the first record that is not applied. */
    public long topicOffset() {
        return position.topicOffset();
    }

    /** Takes a record; one that was taken before is ignored. */
    public void take(long offset, List<ChangeEvent> events) {
        buffer.take(offset, events);
    }

    /**
     * Applies all whole transactions that were taken.
     *
     * @throws TableNotLoadedException if the next one needs a table whose load has not finished
     */
    public void apply() throws SQLException, FailedChangeException {
        if (buffer.next(batchSize).isEmpty()) {
            return;
        }
        connect();
        for (Optional<Group> next = buffer.next(batchSize); next.isPresent(); next = buffer.next(batchSize)) {
            Group group = loadedPart(next.get());
            Session current = session.orElseThrow();
            moveTo(current.applier().apply(group, position, current.loads()));
        }
    }

    /** Closes the connection, which rolls back what was not committed. */
    public void disconnect() {
        Optional<Session> last = session;
        session = Optional.empty();
        last.ifPresent(StreamApplier::close);
    }

    private void connect() throws SQLException {
        if (session.isPresent()) {
            return;
        }
        Connection target = TargetSession.open(server, stream);
        try {
            Optional<Position> stored = StreamLedger.reopen(target, stream, position.epoch());
            target.commit();
            moveTo(stored.orElseThrow(
                    () -> new ConnectException("fenced: another task has taken over stream " + stream)));
            session = Optional.of(startSession(target, stream));
        } catch (SQLException | RuntimeException e) {
            target.close();
            throw e;
        }
    }

    private void moveTo(Position next) {
        position = next;
        buffer.applied(next.topicOffset(), next.commitLsn());
    }

    /** The group up to the first transaction that has to wait for a load. */
    private Group loadedPart(Group group) throws SQLException {
        for (int i = 0; i < group.transactions().size(); i++) {
            Optional<TableName> pending = pendingOf(group, i);
            if (pending.isPresent() && i > 0) {
                return group.first(i);
            }
            if (pending.isPresent()) {
                throw new TableNotLoadedException(pending.get());
            }
        }
        return group;
    }

    private Optional<TableName> pendingOf(Group group, int index) throws SQLException {
        Session current = session.orElseThrow();
        if (current.loads().pendingOf(group.transactions().get(index)).isEmpty()) {
            return Optional.empty();
        }
        Session fresh = new Session(current.target(), current.applier(), readLoads(current.target()));
        session = Optional.of(fresh);
        return fresh.loads().pendingOf(group.transactions().get(index));
    }

    private static Session startSession(Connection target, String stream) throws SQLException {
        return new Session(target, new GroupApplier(target, stream), readLoads(target));
    }

    private static LoadedTables readLoads(Connection target) throws SQLException {
        LoadedTables loads = new LoadedTables(LoadLedger.snapshots(target));
        target.commit();
        return loads;
    }

    private static void close(Session session) {
        try {
            session.target().close();
        } catch (SQLException e) {
            LOG.warn("Could not close a connection to the target: {}", ServerError.describe(e));
        }
    }
}
