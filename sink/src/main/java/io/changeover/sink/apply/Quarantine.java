package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.fault.CrashPoint;
import io.changeover.ledger.QuarantineLedger;
import io.changeover.ledger.QuarantineLedger.Failure;
import io.changeover.ledger.QuarantineLedger.State;
import io.changeover.ledger.ReloadLedger;
import io.changeover.ledger.StreamLedger.Position;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.ChangeFailureMode;
import io.changeover.sink.failure.FailedChange;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.LoadsChangedException;
import io.changeover.sink.failure.StoppedStream;
import io.changeover.sink.failure.TableSetAsideException;
import io.changeover.sink.group.Origin;
import io.changeover.sink.group.SourceTransaction;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a stream does about changes that cannot be applied. Not thread-safe.
 *
 * <p>A table is set aside from a source transaction on: it has all that committed before, and nothing of that
 * transaction or later. States of a table, and what moves them:
 *
 * <ul>
 *   <li>followed: until a change of it cannot be applied
 *   <li>to be set aside: known here only; a crash forgets it, and the change fails again
 *   <li>set aside: in the ledger, by the transaction that moves the position past the failed change
 *   <li>followed again: when somebody has taken it out of the ledger. That is noticed when its next changes are counted
 *       there, in the transaction that would pass them
 * </ul>
 */
final class Quarantine {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    private final String stream;
    private final ChangeFailureMode mode;
    private final Map<TableName, Failure> setAside = new HashMap<>();
    private final Map<TableName, Failure> unwritten = new HashMap<>();
    private boolean stopped;
    private boolean cleared;

    Quarantine(String stream, ChangeFailureMode mode) {
        this.stream = stream;
        this.mode = mode;
    }

    /**
     * Reads the ledger, after which only what it does not know yet is kept from before.
     *
     * @param position what lies behind it is in the ledger, or was released
     */
    void read(Connection target, Position position) throws SQLException {
        unwritten.values().removeIf(failure -> failure.commitLsn().compareTo(position.commitLsn()) <= 0);
        setAside.clear();
        setAside.putAll(unwritten);
        stopped = false;
        cleared = false;
        for (QuarantineLedger.Entry entry : QuarantineLedger.entries(target, stream)) {
            Failure failure = entry.failure();
            switch (failure.state()) {
                case SET_ASIDE -> setAside.put(failure.table(), failure);
                case STOPPED -> stopped = true;
                case SKIPPED -> {}
            }
        }
    }

    /** Whether every table is followed. */
    boolean isEmpty() {
        return setAside.isEmpty();
    }

    /** How many tables are set aside, and one if the stream stands before a change. */
    int size() {
        return setAside.size() + (stopped ? 1 : 0);
    }

    /**
     * The table of a change that is not to be applied. The first transaction that a table lacks may come in pieces,
     * whose commit LSN is not known; then it is told by its id.
     */
    Optional<TableName> holding(ChangeEvent change, Origin origin) {
        return LoadedTables.tableOf(change).filter(table -> {
            Failure first = setAside.get(table);
            return first != null
                    && (origin.commitLsn().compareTo(first.commitLsn()) >= 0
                            || (!origin.hasEnded() && origin.xid() == first.xid()));
        });
    }

    /**
     * A change cannot be applied. The target transaction is rolled back.
     *
     * @param transaction which it belongs to
     * @param loads as they were known
     * @throws LoadsChangedException if a table was emptied meanwhile to be loaded again, which explains it
     * @throws FailedChangeException if the stream is to stop. Otherwise its table is set aside, and the same can be
     *     written without it
     */
    void refuse(
            Connection target,
            FailedChangeException error,
            SourceTransaction transaction,
            long epoch,
            LoadedTables loads)
            throws FailedChangeException, SQLException {
        requireLoads(target, loads);
        FailedChange change = error.change().orElseThrow(() -> error);
        switch (mode) {
            case STOP -> {
                stopped |=
                        StoppedStream.record(target, stream, failure(State.STOPPED, change, transaction), error, epoch);
                throw error;
            }
            case STOP_TABLE -> {
                Failure failure = failure(State.SET_ASIDE, change, transaction);
                unwritten.put(change.table(), failure);
                setAside.put(change.table(), failure);
                LOG.error(
                        "Stream {}: table {} is set aside from commit LSN {} on; it has to be loaded again. {}",
                        stream,
                        change.table(),
                        transaction.commitLsn().asString(),
                        error.getMessage());
            }
        }
    }

    private void requireLoads(Connection target, LoadedTables loads) throws SQLException {
        long version = ReloadLedger.look(target, stream).version();
        target.rollback();
        if (version != loads.version()) {
            throw LoadsChangedException.begun(stream);
        }
    }

    private static Failure failure(State state, FailedChange change, SourceTransaction transaction) {
        return new Failure(
                state,
                change.table(),
                change.operation(),
                change.keyHash(),
                transaction.nextOffset(),
                transaction.commitLsn(),
                transaction.end().xid(),
                change.sqlState(),
                change.reason());
    }

    /**
     * Writes what has changed, in the target transaction that moves the position.
     *
     * @param heldBack how many changes of tables that are set aside were not applied
     * @throws TableSetAsideException if one of these tables was released; the transaction has to be undone
     */
    void write(Connection target, LogSequenceNumber position, Map<TableName, Long> heldBack) throws SQLException {
        if (setAside.isEmpty() && !stopped) {
            return;
        }
        for (Failure failure : unwritten.values()) {
            QuarantineLedger.record(target, stream, failure);
        }
        Optional<TableName> released = QuarantineLedger.holdBack(target, stream, heldBack);
        if (released.isPresent()) {
            throw TableSetAsideException.released(released.get());
        }
        cleared = stopped && QuarantineLedger.clear(target, stream, position) > 0;
        CrashPoint.QUARANTINE_BEFORE_COMMIT.hit();
    }

    /** What {@link #write} wrote is committed. */
    void committed() {
        unwritten.clear();
        if (cleared) {
            LOG.info("Stream {}: the change that could not be applied is applied now", stream);
            stopped = false;
            cleared = false;
        }
    }
}
