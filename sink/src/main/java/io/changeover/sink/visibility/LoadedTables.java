package io.changeover.sink.visibility;

import io.changeover.contract.ChangeEvent;
import io.changeover.ledger.Snapshot;
import io.changeover.postgres.TableName;
import io.changeover.sink.group.SourceTransaction;
import java.util.Map;
import java.util.Optional;

/**
 * The rule by which full load and stream meet: a change is applied if and only if the copy of its table did not see its
 * transaction. A table that is not in the queue of loads has no copy, all of its changes are applied.
 */
public final class LoadedTables {

    private final Map<TableName, Optional<Snapshot>> snapshots;

    /**
     * The state of the loads.
     *
     * @param snapshots by table: what the copy saw, or empty while the table is not loaded
     */
    public LoadedTables(Map<TableName, Optional<Snapshot>> snapshots) {
        this.snapshots = Map.copyOf(snapshots);
    }

    /** What to do with a transaction's change of a table. */
    public Verdict verdict(TableName table, SourceTransaction transaction) {
        Optional<Snapshot> snapshot = snapshots.get(table);
        if (snapshot == null) {
            return Verdict.APPLY;
        }
        return snapshot.map(
                        copy -> copy.sees(transaction.xid(), transaction.commitLsn()) ? Verdict.SKIP : Verdict.APPLY)
                .orElse(Verdict.WAIT);
    }

    /** The first table of a transaction that is not loaded yet. */
    public Optional<TableName> pendingOf(SourceTransaction transaction) {
        return transaction.changes().stream()
                .flatMap(change -> tableOf(change).stream())
                .filter(table -> verdict(table, transaction) == Verdict.WAIT)
                .findFirst();
    }

    /** The table a change belongs to; messages have none. */
    public static Optional<TableName> tableOf(ChangeEvent event) {
        if (event instanceof ChangeEvent.Insert insert) {
            return Optional.of(insert.table());
        } else if (event instanceof ChangeEvent.Update update) {
            return Optional.of(update.table());
        } else if (event instanceof ChangeEvent.Delete delete) {
            return Optional.of(delete.table());
        } else if (event instanceof ChangeEvent.Truncate truncate) {
            return Optional.of(truncate.table());
        }
        return Optional.empty();
    }
}
