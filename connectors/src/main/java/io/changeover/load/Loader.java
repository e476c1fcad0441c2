package io.changeover.load;

import io.changeover.contract.LoadProgress;
import io.changeover.fault.CrashPoint;
import io.changeover.ledger.LimitLedger;
import io.changeover.ledger.LoadLedger;
import io.changeover.ledger.PartLedger;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one thing after the other from the queue of tables and parts: parts of tables that are begun first, so that
 * their snapshots are not held for long, then the largest table. A table that is large is divided by whoever claims it,
 * who then holds the snapshot until all parts are done. Not thread-safe.
 */
final class Loader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

    /** What came of a look into the queue. */
    enum Outcome {
        /** Something was loaded, divided or put back; there may be more. */
        WORKED,
        /** Others have all that is left, or as many read as may. If they fail, it is in the queue again. */
        WAITS,
        /** Every table is loaded. */
        FINISHED
    }

    private final ServerSettings source;
    private final LoadSessions sessions;
    private final long partBytes;
    private final TableLoad load;
    private final OlderTransactions older;
    private final Map<String, HeldSnapshot> held = new HashMap<>();

    /** Tables that somebody on the source has for himself, or that wait for his transaction: all else comes first. */
    private final Set<TableName> busy = new HashSet<>();

    /** One without a limit. */
    Loader(
            ServerSettings source,
            ServerSettings target,
            long partBytes,
            Consumer<LoadProgress> progress,
            BooleanSupplier stopped) {
        this(source, target, partBytes, progress, () -> 0, stopped);
    }

    /**
     * A loader.
     *
     * @param partBytes about how large the parts of a table are; one that is larger is divided
     * @param progress told how far each table or part is; must be quick
     * @param bytesPerSecond how fast it may be, asked all the time; 0 is no limit
     * @param stopped asked now and then; if true a copy is given up
     */
    Loader(
            ServerSettings source,
            ServerSettings target,
            long partBytes,
            Consumer<LoadProgress> progress,
            LongSupplier bytesPerSecond,
            BooleanSupplier stopped) {
        this.source = source;
        this.sessions = new LoadSessions(source, target);
        this.partBytes = partBytes;
        this.load = new TableLoad(progress, new Throttle(bytesPerSecond, System::nanoTime), stopped);
        this.older = new OlderTransactions(source, stopped);
    }

    /**
     * Does the next thing.
     *
     * @throws SQLException if it failed; the table or part is in the queue again
     */
    Outcome next() throws SQLException {
        try {
            Outcome outcome = next(sessions.target());
            sessions.rest(outcome != Outcome.WORKED);
            return outcome;
        } catch (SQLException | RuntimeException e) {
            sessions.abandon(e);
            throw e;
        }
    }

    private Outcome next(Connection into) throws SQLException {
        release(into);
        if (!LimitLedger.takePlace(into, LimitLedger.read(into))) {
            return Outcome.WAITS;
        }
        into.setAutoCommit(false);
        Optional<PartLedger.Part> part = PartLedger.claim(into, busy);
        if (part.isPresent()) {
            loadPart(part.get(), into);
            return Outcome.WORKED;
        }
        Optional<LoadLedger.Entry> entry = LoadLedger.claim(into, busy);
        if (entry.isPresent()) {
            loadTable(entry.get(), into);
            return Outcome.WORKED;
        }
        busy.clear();
        return LoadLedger.isFinished(into) ? Outcome.FINISHED : Outcome.WAITS;
    }

    private void loadTable(LoadLedger.Entry entry, Connection into) throws SQLException {
        TableName table = entry.table();
        try {
            if (!sessions.isSilent()) {
                QuietTable.require(into, table);
            }
            older.await(into, table);
            if (entry.estimatedBytes() <= partBytes || !divide(table, into)) {
                load.load(entry, sessions.source(), into);
            }
        } catch (SQLException e) {
            giveUp(into, table, e);
        }
    }

    /** Whether that was possible; if so, the parts are in the queue. */
    private boolean divide(TableName table, Connection into) throws SQLException {
        HeldSnapshot snapshot = HeldSnapshot.take(source, table);
        boolean isNeeded = false;
        try {
            List<PartLedger.Range> ranges = TableRanges.of(snapshot.connection(), table, partBytes);
            if (!ranges.isEmpty()) {
                SourceSnapshot seen = snapshot.snapshot();
                PartLedger.divide(
                        into, table, ranges, snapshot.exported(), seen.text(), seen.readAt(), snapshot.filenode());
                CrashPoint.LOAD_BEFORE_PARTS.hit();
                into.commit();
                CrashPoint.LOAD_AFTER_PARTS.hit();
                held.put(snapshot.exported(), snapshot);
                isNeeded = true;
                LOG.info("Table {} is loaded in {} parts", table, ranges.size());
            }
            return isNeeded;
        } finally {
            if (!isNeeded) {
                snapshot.close();
            }
        }
    }

    private void loadPart(PartLedger.Part part, Connection into) throws SQLException {
        try {
            if (!sessions.isSilent()) {
                QuietTable.require(into, part.table());
            }
            load.load(part, sessions.source(), into);
        } catch (SnapshotLostException e) {
            into.rollback();
            beginAgain(part, into, String.valueOf(e.getMessage()));
        } catch (SQLException e) {
            giveUp(into, part.table(), e);
        }
    }

    /** Nobody may write to the table meanwhile, so whoever is in the middle of a part is waited for. */
    private void beginAgain(PartLedger.Part part, Connection into, String reason) throws SQLException {
        TableName table = part.table();
        try (Statement statement = into.createStatement()) {
            statement.execute("lock table only " + table.quoted() + " in access exclusive mode");
            if (PartLedger.beginAgain(into, table, part.beginning())) {
                TargetRows.remove(into, table);
                LOG.warn("Table {} is loaded again from its beginning: {}", table, reason);
            }
            CrashPoint.LOAD_BEFORE_AGAIN.hit();
            into.commit();
            CrashPoint.LOAD_AFTER_AGAIN.hit();
        } catch (SQLException e) {
            giveUp(into, table, e);
        }
    }

    /** Lets go of snapshots of which all parts are done, or which nobody would miss. */
    private void release(Connection into) throws SQLException {
        if (held.isEmpty()) {
            return;
        }
        List<String> needed = PartLedger.heldSnapshots(into);
        for (HeldSnapshot each : List.copyOf(held.values())) {
            if (!needed.contains(each.exported())) {
                held.remove(each.exported());
                each.close();
            }
        }
    }

    /** For now, if somebody on the source has the table; it stays in the queue, with the reason, for people. */
    private void giveUp(Connection into, TableName table, SQLException reason) throws SQLException {
        keepReason(into, table, reason);
        if (!SourceSnapshot.BUSY.equals(reason.getSQLState())) {
            throw new SQLException("table " + table + ": " + reason.getMessage(), reason.getSQLState(), reason);
        }
        LOG.info("Table {} has to wait: {}", table, reason.getMessage());
        busy.add(table);
    }

    private static void keepReason(Connection into, TableName table, SQLException reason) {
        try {
            into.rollback();
            LoadLedger.recordError(into, table, String.valueOf(reason.getMessage()));
            into.commit();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** Lets go of all snapshots: tables whose parts are not done begin again. */
    @Override
    public void close() throws SQLException {
        try (sessions) {
            for (HeldSnapshot each : held.values()) {
                each.close();
            }
        }
        held.clear();
    }
}
