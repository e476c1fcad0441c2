package io.changeover.load;

import io.changeover.contract.LoadProgress;
import io.changeover.fault.CrashPoint;
import io.changeover.ledger.LoadLedger;
import io.changeover.ledger.PartLedger;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Loads one table, or one part of one: claim, rows and "done" are one transaction on the target, the rows are those of
 * one snapshot on the source. Killed anywhere, nothing of it is there.
 */
final class TableLoad {

    private final Consumer<LoadProgress> progress;
    private final Throttle throttle;
    private final BooleanSupplier stopped;

    /**
     * A load.
     *
     * @param progress told how far it is; must be quick
     * @param throttle says how fast a copy may be
     * @param stopped asked now and then; if true a copy is given up
     */
    TableLoad(Consumer<LoadProgress> progress, Throttle throttle, BooleanSupplier stopped) {
        this.progress = progress;
        this.throttle = throttle;
        this.stopped = stopped;
    }

    /** Loads a whole table, in the transaction that has claimed it, and commits. */
    void load(LoadLedger.Entry entry, Connection from, Connection into) throws SQLException {
        TableName table = entry.table();
        LoadProgress start = new LoadProgress(table, 0, 0, false, entry.estimatedRows(), 0, 0);
        progress.accept(start);
        SourceSnapshot snapshot = SourceSnapshot.take(from, table);
        TableColumns columns = TableColumns.of(from, table); // behind the lock: they stay as they are
        CopiedDefinition definition = CopiedDefinition.of(from, table);
        CopyFormat format = CopyFormat.of(from, into, table, columns);
        boolean frozen = TargetRows.renew(into, table);
        CopyPipe.Amount amount = copy(
                from,
                columns.copyOut(table) + format.option(false),
                into,
                columns.copyIn(table) + format.option(frozen),
                start);
        LoadLedger.recordFormat(into, table, format.description());
        definition.note(into);
        LoadLedger.finish(into, table, amount.rows(), amount.bytes(), snapshot.text(), snapshot.readAt());
        CrashPoint.LOAD_BEFORE_TABLE.hit();
        into.commit();
        CrashPoint.LOAD_AFTER_TABLE.hit();
        progress.accept(at(start, amount, true));
    }

    /**
     * Loads a part, in the transaction that has claimed it, and commits.
     *
     * @throws SnapshotLostException if the table has to begin again, or has done so already
     */
    void load(PartLedger.Part part, Connection from, Connection into) throws SQLException, SnapshotLostException {
        TableName table = part.table();
        LoadProgress start =
                new LoadProgress(table, part.beginning(), part.number(), false, part.estimatedRows(), 0, 0);
        SourceSnapshot.share(from, part);
        TableColumns columns = TableColumns.of(from, table);
        CopiedDefinition definition = CopiedDefinition.of(from, table);
        progress.accept(start);
        CopyFormat format = CopyFormat.of(from, into, table, columns);
        CopyPipe.Amount amount = copy(
                from,
                columns.copyOut(table, TableRanges.condition(part.range())) + format.option(false),
                into,
                columns.copyIn(table) + format.option(false), // others write to the table
                start);
        if (!PartLedger.finish(into, part, amount.rows(), amount.bytes())) {
            throw new SnapshotLostException("the table has begun again already", null);
        }
        definition.note(into);
        LoadLedger.recordFormat(into, table, format.description());
        CrashPoint.LOAD_BEFORE_PART.hit();
        into.commit();
        CrashPoint.LOAD_AFTER_PART.hit();
        progress.accept(at(start, amount, true));
    }

    private CopyPipe.Amount copy(Connection from, String copyOut, Connection into, String copyIn, LoadProgress start)
            throws SQLException {
        return CopyPipe.run(
                from, copyOut, into, copyIn, passed -> progress.accept(at(start, passed, false)), throttle, stopped);
    }

    private static LoadProgress at(LoadProgress start, CopyPipe.Amount amount, boolean done) {
        return new LoadProgress(
                start.table(),
                start.beginning(),
                start.part(),
                done,
                start.estimatedRows(),
                amount.rows(),
                amount.bytes());
    }
}
