package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.fault.CrashPoint;
import io.changeover.ledger.StreamLedger;
import io.changeover.ledger.StreamLedger.Position;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.failure.RefusedException;
import io.changeover.sink.group.LastPiece;
import io.changeover.sink.group.Origin;
import io.changeover.sink.group.Piece;
import io.changeover.sink.group.SourceTransaction;
import io.changeover.sink.metrics.ApplyFigures;
import io.changeover.sink.target.MissingTableException;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a source transaction that is too large for memory, piece by piece, in one target transaction that stays open
 * until its end has come. Not thread-safe.
 *
 * <p>States and what moves them:
 *
 * <ul>
 *   <li>idle: the first piece begins the target transaction, if this task still owns the stream
 *   <li>writing: pieces are written; the last one commits; abandon rolls back
 *   <li>refused, after an error that would not pass: the target transaction is rolled back, pieces are let go by. Only
 *       the end tells whether the error counts: a capture that was restarted may send a transaction that is applied
 *       already, and a second insert of a row must fail. The last piece throws the error, abandon forgets it
 * </ul>
 *
 * An error that passes by itself goes to the caller, who closes the connection and with it the target transaction.
 */
final class PieceApplier {

    private static final Logger LOG = LoggerFactory.getLogger(PieceApplier.class);

    /** An error that is thrown later. */
    private interface Refusal {
        void raise() throws FailedChangeException;
    }

    private final Connection target;
    private final String stream;
    private final TargetTables tables;
    private final TableSets sets;
    private final Quarantine quarantine;
    private final ApplyFigures figures;
    private Optional<TargetTransaction> open = Optional.empty();
    private Optional<Refusal> refusal = Optional.empty();

    PieceApplier(
            Connection target,
            String stream,
            TargetTables tables,
            TableSets sets,
            Quarantine quarantine,
            ApplyFigures figures) {
        this.target = target;
        this.stream = stream;
        this.tables = tables;
        this.sets = sets;
        this.quarantine = quarantine;
        this.figures = figures;
    }

    /** Whether a target transaction is open. */
    boolean isWriting() {
        return open.isPresent();
    }

    /**
     * Writes a piece.
     *
     * @param epoch under which this task owns the stream
     * @throws SQLException for an error that passes by itself
     * @throws FailedChangeException the same, with the change
     * @throws ConnectException if another task has taken over the stream
     */
    void write(Piece piece, long epoch, LoadedTables loads) throws SQLException, FailedChangeException {
        if (refusal.isPresent()) {
            return;
        }
        if (open.isEmpty()) {
            requireOwner(epoch);
            open = Optional.of(TargetTransaction.begin(
                    target, stream, tables, sets, quarantine, figures, loads, ChangeWriter.Mode.SETS_OR_IN_ORDER));
            LOG.info(
                    "Stream {}: applying transaction {} in pieces",
                    stream,
                    piece.origin().xid());
        }
        CrashPoint.SINK_BEFORE_PIECE.hit();
        attempt(piece.changes(), piece.origin(), loads);
        CrashPoint.SINK_AFTER_PIECE.hit();
    }

    /**
     * Writes the last piece and commits.
     *
     * @param from the position before the source transaction
     * @return the position after it
     * @throws FailedChangeException what the target has refused, now or in an earlier piece
     * @throws ConnectException if another task has taken over the stream, or the target has diverged
     */
    Position commit(LastPiece last, Position from, LoadedTables loads) throws SQLException, FailedChangeException {
        SourceTransaction rest = last.rest();
        if (refusal.isEmpty()) {
            attempt(rest.changes(), rest.origin(), loads);
        }
        if (refusal.isPresent()) {
            refusal.get().raise();
        }
        try (TargetTransaction transaction = open.orElseThrow()) {
            open = Optional.empty();
            Position next = new Position(from.epoch(), rest.nextOffset(), rest.commitLsn());
            int count = loads.isReplayed(rest.origin()) ? 0 : 1;
            return transaction.commit(next, count, rest.end().committedAt());
        } catch (SetRefusedException e) {
            throw new IllegalStateException("A set that is refused is written in order", e);
        }
    }

    /** Undoes everything since the first piece. */
    void abandon() throws SQLException {
        refusal = Optional.empty();
        if (open.isPresent()) {
            TargetTransaction transaction = open.get();
            open = Optional.empty();
            transaction.rollback();
            LOG.info("Stream {}: rolled back a transaction that was cut off, or is applied already", stream);
        }
    }

    /**
     * Checks the epoch without a lock, so that a task that was replaced lets go of the rows it has changed.
     *
     * @throws ConnectException if another task has taken over the stream
     */
    void requireOwner(long epoch) throws SQLException {
        if (!StreamLedger.isOwner(target, stream, epoch)) {
            target.rollback();
            throw TargetTransaction.fenced(stream);
        }
    }

    /** Writes changes; if one cannot be applied, it is found out which, and refused. */
    private void attempt(List<ChangeEvent> changes, Origin origin, LoadedTables loads)
            throws SQLException, FailedChangeException {
        try {
            Savepoint before = target.setSavepoint();
            write(changes, origin, loads, before);
            target.releaseSavepoint(before);
        } catch (FailedChangeException e) {
            if (e.policy() == FailurePolicy.RETRY) {
                throw e;
            }
            refuse(e, () -> {
                throw e;
            });
        } catch (SQLException e) {
            if (FailurePolicy.of(e) == FailurePolicy.RETRY) {
                throw e;
            }
            FailedChangeException failed = new FailedChangeException("A change " + origin.description(), e);
            refuse(failed, () -> {
                throw failed;
            });
        } catch (ConnectException e) {
            refuse(e, () -> {
                throw e;
            });
        }
    }

    private void write(List<ChangeEvent> changes, Origin origin, LoadedTables loads, Savepoint before)
            throws SQLException, FailedChangeException {
        TargetTransaction transaction = open.orElseThrow();
        TargetTransaction.Mark mark = transaction.mark();
        try {
            transaction.write(changes, origin, loads);
            transaction.endPiece(origin);
            return;
        } catch (FailedChangeException e) {
            if (e.policy() != FailurePolicy.REFUSED) {
                throw e;
            }
        } catch (SQLException e) {
            if (FailurePolicy.of(e) != FailurePolicy.REFUSED) {
                throw e;
            }
        } catch (MissingTableException e) { // the target transaction is gone already
            throw OneByOne.missing(changes, e);
        } catch (RefusedException e) {
            LOG.debug("Stream {}: looking for the change that cannot be applied", stream);
        } catch (SetRefusedException e) {
            throw new IllegalStateException("A set that is refused is written in order", e);
        }
        target.rollback(before);
        transaction.reset(mark);
        transaction.writeOneByOne(changes, origin, loads);
    }

    private void refuse(Exception cause, Refusal later) throws SQLException {
        abandon();
        refusal = Optional.of(later);
        LOG.warn("Stream {}: {}. Whether that counts is known at the transaction's end", stream, cause.getMessage());
    }
}
