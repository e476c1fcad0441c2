package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.fault.CrashPoint;
import io.changeover.ledger.LoadLedger;
import io.changeover.ledger.ReloadLedger;
import io.changeover.ledger.StreamLedger.Position;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.LoadsChangedException;
import io.changeover.sink.failure.TableNotLoadedException;
import io.changeover.sink.group.Group;
import io.changeover.sink.group.SourceTransaction;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session knows of the loads. It looks again when a change would have to wait for one, and now and then while a
 * table is passed over; that another one has to be, the commit notices. Not thread-safe.
 */
final class KnownLoads {

    private static final Logger LOG = LoggerFactory.getLogger(KnownLoads.class);
    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Connection target;
    private final String stream;
    private final BooleanSupplier isWriting;
    private LoadedTables tables;
    private long lookedAt = System.nanoTime();

    /**
     * Reads them in the transaction that is open.
     *
     * @param isWriting whether the session's transaction is one that changes are written in, and goes on
     */
    KnownLoads(Connection target, String stream, BooleanSupplier isWriting) throws SQLException {
        this.target = target;
        this.stream = stream;
        this.isWriting = isWriting;
        this.tables = read(target, stream);
    }

    /** What was read last. */
    LoadedTables tables() {
        return tables;
    }

    /**
     * Ends a replay that is over, and begins one for tables that were passed over and are loaded now.
     *
     * @param at where the stream is, and nothing is under way
     * @throws LoadsChangedException if it has to be read again from elsewhere
     * @throws ConnectException if another task has taken over the stream
     */
    void replay(Position at) throws SQLException {
        if (tables.isReplayedTo(at.commitLsn())) {
            end(at);
        }
        if (tables.areHeld() && !tables.isReplaying() && System.nanoTime() - lookedAt >= BETWEEN_LOOKS_NANOS) {
            lookAgain();
            if (tables.areReady()) {
                begin(at);
            }
        }
    }

    private void begin(Position at) throws SQLException {
        CrashPoint.RELOAD_BEFORE_REPLAY.hit();
        Optional<Position> from = ReloadLedger.replay(target, stream, at);
        if (from.isEmpty()) {
            target.rollback();
            throw TargetTransaction.fenced(stream);
        }
        target.commit();
        CrashPoint.RELOAD_AFTER_REPLAY.hit();
        LOG.info(
                "Stream {}: read again from offset {} for tables that were loaded again",
                stream,
                from.get().topicOffset());
        throw LoadsChangedException.loaded(stream);
    }

    private void end(Position at) throws SQLException {
        CrashPoint.RELOAD_BEFORE_END.hit();
        if (!ReloadLedger.end(target, stream, at.epoch())) {
            target.rollback();
            throw TargetTransaction.fenced(stream);
        }
        target.commit();
        CrashPoint.RELOAD_AFTER_END.hit();
        lookAgain();
        LOG.info("Stream {}: tables that were loaded again are followed again", stream);
    }

    /** The first table of some changes that is not loaded yet. */
    Optional<TableName> pendingOf(List<ChangeEvent> changes) throws SQLException {
        if (tables.pendingOf(changes).isPresent()) {
            lookAgain();
        }
        return tables.pendingOf(changes);
    }

    /**
     * The group up to the first transaction that has to wait for a load.
     *
     * @throws TableNotLoadedException if that is its first one
     */
    Group loadedPart(Group group) throws SQLException {
        for (int i = 0; i < group.transactions().size(); i++) {
            SourceTransaction transaction = group.transactions().get(i);
            Optional<TableName> pending = pendingOf(transaction.changes());
            if (pending.isPresent() && i > 0) {
                return group.first(i);
            }
            if (pending.isPresent()) {
                throw new TableNotLoadedException(pending.get());
            }
        }
        return group;
    }

    /**
     * Looks again.
     *
     * @throws TableNotLoadedException if a table is not loaded yet
     */
    void requireLoaded(TableName table) throws SQLException {
        lookAgain();
        if (tables.isPending(table)) {
            throw new TableNotLoadedException(table);
        }
    }

    /** Every statement of a session sees what is committed, also in the middle of a transaction. */
    private void lookAgain() throws SQLException {
        tables = read(target, stream);
        lookedAt = System.nanoTime();
        if (!isWriting.getAsBoolean()) {
            target.commit();
        }
    }

    private static LoadedTables read(Connection target, String stream) throws SQLException {
        ReloadLedger.Look look = ReloadLedger.look(target, stream);
        return new LoadedTables(LoadLedger.copies(target), look);
    }
}
