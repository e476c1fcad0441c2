package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.fault.CrashPoint;
import io.changeover.ledger.StreamLedger;
import io.changeover.ledger.StreamLedger.Position;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.ChangeFailureMode;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.ServerError;
import io.changeover.sink.failure.TableNotLoadedException;
import io.changeover.sink.failure.TableSetAsideException;
import io.changeover.sink.group.BrokenStreamException;
import io.changeover.sink.group.BufferLimits;
import io.changeover.sink.group.Group;
import io.changeover.sink.group.GroupPace;
import io.changeover.sink.group.LastPiece;
import io.changeover.sink.group.Piece;
import io.changeover.sink.group.Step;
import io.changeover.sink.group.TransactionBuffer;
import io.changeover.sink.guard.ConstraintGuard;
import io.changeover.sink.guard.GuardMode;
import io.changeover.sink.metrics.ApplyFigures;
import io.changeover.sink.target.TargetSession;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies one stream to one target, as its owner from {@link #open} until another one opens it. Not thread-safe.
 *
 * <p>States and what moves them:
 *
 * <ul>
 *   <li>following: takes records and applies them
 *   <li>lost, after {@link #disconnect()}, or when a transaction that is applied in pieces comes to a table whose load
 *       has not finished: nothing is held, neither here nor on the target. {@link #resume()} connects if need be, reads
 *       the position, and so knows whether a commit whose answer was lost took place; when all that was waited for is
 *       loaded it follows again, and the records from {@link #topicOffset()} have to come again
 * </ul>
 */
public final class StreamApplier {

    private static final Logger LOG = LoggerFactory.getLogger(StreamApplier.class);

    /** Where nothing else is asked for. */
    private static final Duration LONGEST_GROUP = Duration.ofSeconds(1);

    private record Session(
            Connection target, KnownLoads loads, GroupApplier groups, PieceApplier pieces, LookAhead ahead) {}

    private final ServerSettings server;
    private final String stream;
    private final BufferLimits limits;
    private final GuardMode guard;
    private final Quarantine quarantine;
    private final ApplyFigures figures;
    private final GroupPace pace;
    private final SetOutcomes outcomes = new SetOutcomes();
    private Position position;
    private TransactionBuffer buffer;
    private Optional<Session> session;
    private boolean isLost;
    private Optional<TableName> awaited = Optional.empty();

    private StreamApplier(
            ServerSettings server,
            String stream,
            BufferLimits limits,
            Duration longestGroup,
            GuardMode guard,
            ChangeFailureMode failures,
            ApplyFigures figures,
            Position position,
            Connection target)
            throws SQLException {
        this.server = server;
        this.stream = stream;
        this.limits = limits;
        this.guard = guard;
        this.quarantine = new Quarantine(stream, failures);
        this.figures = figures;
        this.pace = new GroupPace(limits.groupChanges(), longestGroup, System::nanoTime);
        this.position = position;
        this.buffer = emptyBuffer();
        this.session = Optional.of(newSession(target));
        quarantine.read(target, position);
        target.commit();
    }

    /** The same as it is by default: guarded as the target allows, stopped by a change that cannot be applied. */
    public static StreamApplier open(ServerSettings server, String stream, BufferLimits limits) throws SQLException {
        return open(server, stream, limits, LONGEST_GROUP, GuardMode.AUTO, ChangeFailureMode.STOP, new ApplyFigures());
    }

    /**
     * Connects, takes the stream over from whoever has it, and raises the guard.
     *
     * @param longestGroup how long a group's target transaction lasts at most, about
     * @param failures what a change does that cannot be applied
     * @param figures told what is done
     */
    public static StreamApplier open(
            ServerSettings server,
            String stream,
            BufferLimits limits,
            Duration longestGroup,
            GuardMode guard,
            ChangeFailureMode failures,
            ApplyFigures figures)
            throws SQLException {
        Connection target = TargetSession.open(server, stream, guard);
        try {
            Position position = StreamLedger.open(target, stream);
            CrashPoint.SINK_BEFORE_OPEN.hit();
            target.commit();
            CrashPoint.SINK_AFTER_OPEN.hit();
            int ended = TargetSession.endPredecessors(target);
            if (ended > 0) {
                LOG.warn("Stream {}: ended {} sessions of earlier tasks with a transaction under way", stream, ended);
            }
            ConstraintGuard.keep(target, guard);
            return new StreamApplier(server, stream, limits, longestGroup, guard, failures, figures, position, target);
        } catch (SQLException | RuntimeException e) {
            target.close();
            throw e;
        }
    }

    /** The offset of the record to start again from. */
    public long topicOffset() {
        return position.topicOffset();
    }

    /** Whether {@link #resume()} has to come before anything else. */
    public boolean isLost() {
        return isLost;
    }

    /** Whether a table is passed over until its load is there, so that {@link #apply()} has to look now and then. */
    public boolean isHolding() {
        return session.isPresent() && loads().areHeld();
    }

    /** About how much memory the changes take that are held. */
    public long heldBytes() {
        return buffer.heldBytes();
    }

    /** How many changes are held, and one for each complete transaction. */
    public long heldChanges() {
        return buffer.heldChanges();
    }

    /** How many tables' changes were written as sets, by flush. */
    public long writtenSets() {
        return outcomes.takenCount();
    }

    /** How many tables' changes the server has refused as sets, so that they were written one by one. */
    public long refusedSets() {
        return outcomes.refusedCount();
    }

    /** Whether there is no room, so that {@link #apply()} has to come before the next record. */
    public boolean isFull() {
        return buffer.isFull();
    }

    /**
     * Takes a record; one that was taken before is ignored.
     *
     * @param events what is in it, in order
     * @throws BrokenStreamException if something is missing in the topic
     */
    public void take(long offset, List<ChangeEvent> events) {
        buffer.take(offset, events);
    }

    /**
     * Applies all whole transactions that were taken, and what has come of one that is too large to be held.
     *
     * @return whether something was committed
     * @throws TableNotLoadedException if the next change belongs to a table whose load has not finished. What was taken
     *     is still held, unless {@link #isLost()}
     */
    public boolean apply() throws SQLException, FailedChangeException {
        return apply(() -> false);
    }

    /**
     * The same, up to the step after which it is enough; the rest is still held.
     *
     * @param isEnough asked after each step
     */
    public boolean apply(BooleanSupplier isEnough) throws SQLException, FailedChangeException {
        return apply(isEnough, Optional.empty());
    }

    /**
     * The same; while a group is applied, the next one is made ready.
     *
     * @param takeMore {@linkplain #take takes} what there is and there is room for, in another thread; nobody else has
     *     the stream meanwhile. What it throws is thrown when the group is applied
     */
    public boolean apply(BooleanSupplier isEnough, Runnable takeMore) throws SQLException, FailedChangeException {
        return apply(isEnough, Optional.of(takeMore));
    }

    private boolean apply(BooleanSupplier isEnough, Optional<Runnable> takeMore)
            throws SQLException, FailedChangeException {
        if (current().pieces().isWriting()) {
            current().pieces().requireOwner(position.epoch());
        }
        boolean committed = false;
        for (Optional<Step> next = buffer.next(); next.isPresent(); next = buffer.next()) {
            committed |= apply(next.get(), takeMore);
            if (isEnough.getAsBoolean()) {
                break;
            }
        }
        if (!current().pieces().isWriting()) {
            current().loads().replay(position);
        }
        figures.now(look());
        return committed;
    }

    private ApplyFigures.Now look() {
        return new ApplyFigures.Now(
                buffer.heldChanges(),
                buffer.heldBytes(),
                current().pieces().isWriting(),
                outcomes.takenCount(),
                outcomes.refusedCount(),
                quarantine.size());
    }

    /**
     * Makes the stream follow again after it was lost.
     *
     * @throws TableNotLoadedException if it still has to wait for a table
     * @throws ConnectException if another task has taken over the stream
     */
    public void resume() throws SQLException {
        if (session.isEmpty()) {
            connect();
        }
        if (awaited.isPresent()) {
            current().loads().requireLoaded(awaited.get());
            awaited = Optional.empty();
        }
        isLost = false;
    }

    /** Closes the connection, which rolls back what was not committed, and forgets what was taken. */
    public void disconnect() {
        Optional<Session> last = session;
        session = Optional.empty();
        forget();
        last.ifPresent(StreamApplier::close);
    }

    private boolean apply(Step step, Optional<Runnable> takeMore) throws SQLException, FailedChangeException {
        if (step instanceof Group group) {
            apply(current().loads().loadedPart(group), takeMore);
            return true;
        } else if (step instanceof Piece piece) {
            requireLoaded(piece.changes());
            current().pieces().write(piece, position.epoch(), loads());
            return false;
        } else if (step instanceof LastPiece last) {
            requireLoaded(last.rest().changes());
            commit(last);
            return true;
        }
        current().pieces().abandon();
        return false;
    }

    private void apply(Group group, Optional<Runnable> takeMore) throws SQLException, FailedChangeException {
        LookAhead ahead = current().ahead();
        boolean isPlannable = quarantine.isEmpty();
        Optional<PreparedGroup> prepared = ahead.prepared(group, loads()).filter(each -> isPlannable);
        pace.begin();
        takeMore.ifPresent(
                take -> ahead.begin(take, () -> isPlannable ? buffer.following(group) : Optional.empty(), loads()));
        Position next;
        try {
            next = current().groups().apply(group, prepared, position, loads());
        } finally {
            ahead.await();
        }
        moveTo(next);
        pace.commit(group.changes());
        ahead.end();
    }

    private void commit(LastPiece last) throws SQLException, FailedChangeException {
        try {
            moveTo(current().pieces().commit(last, position, loads()));
        } catch (FailedChangeException e) {
            if (e.change().isEmpty()) {
                throw e;
            }
            quarantine.refuse(current().target(), e, last.rest(), position.epoch(), loads());
            throw TableSetAsideException.of(e.change().get().table());
        }
    }

    private void connect() throws SQLException {
        Connection target = TargetSession.open(server, stream, guard);
        try {
            Optional<Position> stored = StreamLedger.reopen(target, stream, position.epoch());
            target.commit();
            position = stored.orElseThrow(() -> TargetTransaction.fenced(stream));
            ConstraintGuard.keep(target, guard);
            quarantine.read(target, position);
            Session next = newSession(target);
            target.commit();
            buffer = emptyBuffer();
            session = Optional.of(next);
        } catch (SQLException | RuntimeException e) {
            target.close();
            throw e;
        }
    }

    private void moveTo(Position next) {
        position = next;
        buffer.applied(next.topicOffset(), next.commitLsn());
    }

    private void forget() {
        isLost = true;
        buffer = emptyBuffer();
    }

    /** In the middle of a transaction: a wait without end must not hold locks on the target. */
    private void requireLoaded(List<ChangeEvent> changes) throws SQLException {
        Optional<TableName> pending = current().loads().pendingOf(changes);
        if (pending.isPresent()) {
            current().pieces().abandon();
            forget();
            awaited = pending;
            throw new TableNotLoadedException(pending.get());
        }
    }

    private LoadedTables loads() {
        return current().loads().tables();
    }

    private Session current() {
        return session.orElseThrow(() -> new IllegalStateException("not connected: resume comes first"));
    }

    private TransactionBuffer emptyBuffer() {
        return new TransactionBuffer(position.topicOffset(), position.commitLsn(), limits, pace::changes);
    }

    private Session newSession(Connection target) throws SQLException {
        TargetTables tables = new TargetTables(target);
        tables.sources().read(target);
        TableSets sets = new TableSets(target, tables, outcomes);
        PieceApplier pieces = new PieceApplier(target, stream, tables, sets, quarantine, figures);
        return new Session(
                target,
                new KnownLoads(target, stream, pieces::isWriting),
                new GroupApplier(target, stream, tables, sets, quarantine, figures),
                pieces,
                new LookAhead(sets));
    }

    private static void close(Session session) {
        try {
            session.target().close();
        } catch (SQLException e) {
            LOG.warn("Could not close a connection to the target: {}", ServerError.describe(e));
        }
    }
}
