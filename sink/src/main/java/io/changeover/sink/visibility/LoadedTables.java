package io.changeover.sink.visibility;

import io.changeover.contract.ChangeEvent;
import io.changeover.ledger.Snapshot;
import io.changeover.postgres.TableName;
import io.changeover.sink.group.Origin;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The rule by which full load and stream meet: a change is applied if and only if the copy of its table did not see its
 * transaction. A table that is not in the queue of loads has no copy, all of its changes are applied.
 */
public final class LoadedTables {

    private final Map<TableName, Optional<Snapshot>> snapshots;
    private final boolean arePending;

    /** No copy has seen a transaction that commits behind it. */
    private final LogSequenceNumber lastReadAt;

    /**
     * The state of the loads.
     *
     * @param snapshots by table: what the copy saw, or empty while the table is not loaded
     */
    public LoadedTables(Map<TableName, Optional<Snapshot>> snapshots) {
        this.snapshots = Map.copyOf(snapshots);
        this.arePending = snapshots.values().stream().anyMatch(Optional::isEmpty);
        this.lastReadAt = snapshots.values().stream()
                .flatMap(Optional::stream)
                .map(Snapshot::readAt)
                .max(Comparator.naturalOrder())
                .orElse(LogSequenceNumber.INVALID_LSN);
    }

    /**
     * What to do with a transaction's change of a table. Of a transaction whose end has not come, the commit LSN is a
     * lower bound. That is enough: the ids decide alone, and only after 2<sup>31</sup> transactions since the copy they
     * do not, when the lower bound has long been past it.
     */
    public Verdict verdict(TableName table, Origin origin) {
        Optional<Snapshot> snapshot = snapshots.get(table);
        if (snapshot == null) {
            return Verdict.APPLY;
        }
        return snapshot.map(copy -> copy.sees(origin.xid(), origin.commitLsn()) ? Verdict.SKIP : Verdict.APPLY)
                .orElse(Verdict.WAIT);
    }

    /**
     * Whether everything is loaded, and no copy has seen anything of a transaction: the usual case, which need not look
     * at its changes one by one.
     */
    public boolean isAllMissing(Origin origin) {
        return !arePending && origin.commitLsn().compareTo(lastReadAt) > 0;
    }

    /** Whether a change has to be applied; messages always. */
    public boolean isMissing(ChangeEvent change, Origin origin) {
        return tableOf(change)
                .map(table -> verdict(table, origin) == Verdict.APPLY)
                .orElse(true);
    }

    /** Whether a table is in the queue and not loaded yet. */
    public boolean isPending(TableName table) {
        Optional<Snapshot> snapshot = snapshots.get(table);
        return snapshot != null && snapshot.isEmpty();
    }

    /** The first table of some changes that is not loaded yet. */
    public Optional<TableName> pendingOf(List<ChangeEvent> changes) {
        return !arePending
                ? Optional.empty()
                : changes.stream()
                        .flatMap(change -> tableOf(change).stream())
                        .filter(this::isPending)
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
