package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.TableNotLoadedException;
import io.changeover.sink.group.Group;
import io.changeover.sink.group.SourceTransaction;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** What a session knows of the loads; it looks again only when a change would have to wait for one. Not thread-safe. */
final class KnownLoads {

    private final Connection target;
    private final BooleanSupplier isWriting;
    private LoadedTables tables;

    /**
     * Reads them in the transaction that is open.
     *
     * @param isWriting whether the session's transaction is one that changes are written in, and goes on
     */
    KnownLoads(Connection target, BooleanSupplier isWriting) throws SQLException {
        this.target = target;
        this.isWriting = isWriting;
        this.tables = read(target);
    }

    /** What was read last. */
    LoadedTables tables() {
        return tables;
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
        tables = read(target);
        if (!isWriting.getAsBoolean()) {
            target.commit();
        }
    }

    private static LoadedTables read(Connection target) throws SQLException {
        return new LoadedTables(LoadLedger.snapshots(target));
    }
}
