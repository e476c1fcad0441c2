package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.plan.NetChanges;
import io.changeover.sink.target.TargetColumn;
import io.changeover.sink.target.TargetTable;
import io.changeover.sink.target.UniqueKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Writes what the changes of a table come to as sets: deletes, then updates, then inserts by COPY. Not thread-safe. */
final class SetWriter {

    /** Fewer changes are no slower one by one, and then need no second try. */
    static final int WORTHWHILE = 20;

    private final Connection target;
    private final TargetTables tables;
    private final Map<TargetTable, SetStatements> statements = new HashMap<>();

    SetWriter(Connection target, TargetTables tables) {
        this.target = target;
        this.tables = tables;
    }

    /**
     * Writes them, if they can be written as sets.
     *
     * @return whether they are written; if not, nothing was sent
     * @throws SetRefusedException if the server did not take them so; the target transaction has to be undone
     * @throws SQLException for an error that passes by itself
     */
    boolean write(TableName name, List<ChangeEvent> changes) throws SQLException, SetRefusedException {
        if (changes.size() < WORTHWHILE) {
            return false;
        }
        try {
            TargetTable table = tables.table(name);
            Optional<UniqueKey> key = immediateKey(table);
            if (key.isEmpty() || table.columns().values().stream().anyMatch(TargetColumn::castByFunction)) {
                return false;
            }
            Optional<RowSets> sets = NetChanges.of(key.get().columns(), changes).flatMap(net -> RowSets.of(table, net));
            if (sets.isEmpty()) {
                return false;
            }
            write(name, statements.computeIfAbsent(table, each -> new SetStatements(each, key.get())), sets.get());
            return true;
        } catch (UnknownColumnException e) {
            return false; // one by one, the table's definition is read again
        }
    }

    private static Optional<UniqueKey> immediateKey(TargetTable table) {
        return table.keys().stream().filter(UniqueKey::isImmediate).findFirst();
    }

    private void write(TableName name, SetStatements texts, RowSets sets) throws SQLException, SetRefusedException {
        try {
            if (!sets.deletes().isEmpty()) {
                execute("Delete from " + name, texts.delete(), sets.deletes());
            }
            for (RowSets.Updates updates : sets.updates()) {
                execute("Update of " + name, texts.update(updates.columns()), updates.keys(), updates.values());
            }
            for (RowSets.Rows inserts : sets.inserts()) {
                copy("Insert into " + name, texts.copy(inserts.columns()), inserts);
            }
        } catch (SQLException e) {
            if (FailurePolicy.of(e) == FailurePolicy.RETRY) {
                throw e;
            }
            throw new SetRefusedException("Table " + name, e);
        }
    }

    private void execute(String what, String sql, RowSets.Rows... parameters) throws SQLException, SetRefusedException {
        try (PreparedStatement statement = target.prepareStatement(sql)) {
            int parameter = 1;
            for (RowSets.Rows rows : parameters) {
                for (int column = 0; column < rows.columns().size(); column++) {
                    statement.setArray(parameter++, target.createArrayOf("text", rows.column(column)));
                }
            }
            requireAll(what, statement.executeLargeUpdate(), parameters[0].size());
        }
    }

    private void copy(String what, String sql, RowSets.Rows rows) throws SQLException, SetRefusedException {
        CopyIn copy = target.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            CopyRows text = new CopyRows();
            for (int row = 0; row < rows.size(); row++) {
                for (int column = 0; column < rows.columns().size(); column++) {
                    text.value(rows.value(row, column));
                }
                text.endRow();
                if (text.isFull()) {
                    send(copy, text);
                }
            }
            send(copy, text);
            requireAll(what, copy.endCopy(), rows.size());
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static void send(CopyIn copy, CopyRows text) throws SQLException {
        byte[] bytes = text.take();
        copy.writeToCopy(bytes, 0, bytes.length);
    }

    private static void requireAll(String what, long changed, int wanted) throws SetRefusedException {
        if (changed != wanted) {
            throw new SetRefusedException(what + " changed " + changed + " rows, not " + wanted);
        }
    }
}
