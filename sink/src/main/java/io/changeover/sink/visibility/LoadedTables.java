package io.changeover.sink.visibility;

import io.changeover.contract.ChangeEvent;
import io.changeover.ledger.LoadLedger.Copy;
import io.changeover.ledger.ReloadLedger;
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
 * transaction. A table that is not in the queue of loads has no copy, all of its changes are applied. Changes of a
 * table that is being loaded again are passed over; when the stream is read again for it, those of other tables are.
 */
public final class LoadedTables {

    private final Map<TableName, Copy> copies;
    private final ReloadLedger.Look look;
    private final boolean arePending;
    private final boolean areHeld;

    /** No copy has seen a transaction that commits behind it. */
    private final LogSequenceNumber lastReadAt;

    /**
     * The state of the loads.
     *
     * @param copies by table
     * @param look read before them
     */
    public LoadedTables(Map<TableName, Copy> copies, ReloadLedger.Look look) {
        this.copies = Map.copyOf(copies);
        this.look = look;
        this.arePending = copies.values().stream().anyMatch(LoadedTables::isPending);
        this.areHeld = copies.values().stream().anyMatch(copy -> copy.stream() == Copy.Stream.HELD);
        this.lastReadAt = copies.values().stream()
                .flatMap(copy -> copy.snapshot().stream())
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
        Copy copy = copies.get(table);
        Copy.Stream stream = copy == null ? Copy.Stream.FOLLOWED : copy.stream();
        if (stream == Copy.Stream.HELD || (stream == Copy.Stream.FOLLOWED && isReplayed(origin))) {
            return Verdict.SKIP;
        } else if (copy == null) {
            return Verdict.APPLY;
        }
        return copy.snapshot()
                .map(seen -> seen.sees(origin.xid(), origin.commitLsn()) ? Verdict.SKIP : Verdict.APPLY)
                .orElse(Verdict.WAIT);
    }

    /**
     * Whether the stream has passed a transaction before. Commit LSNs rise from one to the next, so of a transaction
     * whose end has not come the one before it tells.
     */
    public boolean isReplayed(Origin origin) {
        if (look.replayTo().isEmpty()) {
            return false;
        }
        int order = origin.commitLsn().compareTo(look.replayTo().get());
        return origin.hasEnded() ? order <= 0 : order < 0;
    }

    /** Whether the stream is read again, and has come to where it was. */
    public boolean isReplayedTo(LogSequenceNumber commitLsn) {
        return look.replayTo().filter(end -> commitLsn.compareTo(end) >= 0).isPresent();
    }

    /** Whether the stream is read again. */
    public boolean isReplaying() {
        return look.replayTo().isPresent();
    }

    /** Another one says that a table is passed over since, or is no longer. */
    public long version() {
        return look.version();
    }

    /** Whether there are tables whose changes are passed over. */
    public boolean areHeld() {
        return areHeld;
    }

    /** Whether the copy of such a table is there. */
    public boolean areReady() {
        return copies.values().stream()
                .anyMatch(copy ->
                        copy.stream() == Copy.Stream.HELD && copy.snapshot().isPresent());
    }

    /**
     * Whether everything is loaded, and no copy has seen anything of a transaction: the usual case, which need not look
     * at its changes one by one.
     */
    public boolean isAllMissing(Origin origin) {
        return !arePending && !areHeld && origin.commitLsn().compareTo(lastReadAt) > 0 && !isReplayed(origin);
    }

    /** Whether a change has to be applied; messages always. */
    public boolean isMissing(ChangeEvent change, Origin origin) {
        return tableOf(change)
                .map(table -> verdict(table, origin) == Verdict.APPLY)
                .orElse(true);
    }

    /** Whether a table is in the queue, not loaded yet, and waited for. */
    public boolean isPending(TableName table) {
        Copy copy = copies.get(table);
        return copy != null && isPending(copy);
    }

    private static boolean isPending(Copy copy) {
        return copy.stream() == Copy.Stream.FOLLOWED && copy.snapshot().isEmpty();
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
        } else if (event instanceof ChangeEvent.Definition definition) {
            return Optional.of(definition.table());
        }
        return Optional.empty();
    }
}
