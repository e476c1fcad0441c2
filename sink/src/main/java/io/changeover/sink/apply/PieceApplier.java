package io.changeover.sink.apply;

import io.changeover.fault.CrashPoint;
import io.changeover.ledger.StreamLedger;
import io.changeover.ledger.StreamLedger.Position;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.group.LastPiece;
import io.changeover.sink.group.Piece;
import io.changeover.sink.group.SourceTransaction;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
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

    /** Something that the target may refuse. */
    private interface Writing {
        void run() throws SQLException, FailedChangeException, SetRefusedException;
    }

    private final Connection target;
    private final String stream;
    private final TargetTables tables;
    private final TableSets sets;
    private Optional<TargetTransaction> open = Optional.empty();
    private Optional<Refusal> refusal = Optional.empty();

    PieceApplier(Connection target, String stream, TargetTables tables, TableSets sets) {
        this.target = target;
        this.stream = stream;
        this.tables = tables;
        this.sets = sets;
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
            open = Optional.of(
                    TargetTransaction.begin(target, stream, tables, sets, ChangeWriter.Mode.SETS_OR_IN_ORDER));
            LOG.info(
                    "Stream {}: applying transaction {} in pieces",
                    stream,
                    piece.origin().xid());
        }
        TargetTransaction transaction = open.get();
        attempt(piece.origin().description(), () -> {
            CrashPoint.SINK_BEFORE_PIECE.hit();
            transaction.write(piece.changes(), piece.origin(), loads);
            transaction.flush();
            CrashPoint.SINK_AFTER_PIECE.hit();
        });
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
        if (refusal.isPresent()) {
            refusal.get().raise();
        }
        SourceTransaction rest = last.rest();
        try (TargetTransaction transaction = open.orElseThrow()) {
            open = Optional.empty();
            transaction.write(rest.changes(), rest.origin(), loads);
            transaction.endSource(rest.origin());
            Position next = new Position(from.epoch(), rest.nextOffset(), rest.commitLsn());
            return transaction.commit(next, 1, rest.end().committedAt());
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

    private void attempt(String where, Writing writing) throws SQLException, FailedChangeException {
        try {
            writing.run();
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
            FailedChangeException failed = new FailedChangeException("A change " + where, e);
            refuse(failed, () -> {
                throw failed;
            });
        } catch (ConnectException e) {
            refuse(e, () -> {
                throw e;
            });
        } catch (SetRefusedException e) {
            throw new IllegalStateException("A set that is refused is written in order", e);
        }
    }

    private void refuse(Exception cause, Refusal later) throws SQLException {
        abandon();
        refusal = Optional.of(later);
        LOG.warn("Stream {}: {}. Whether that counts is known at the transaction's end", stream, cause.getMessage());
    }
}
