package io.changeover.sink.apply;

import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.failure.ServerError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes sets of rows of a table: deletes, then updates, then inserts by COPY. Deletes and updates go in chunks, so
 * that neither the driver nor the server holds more than that of them a second time; in which order does not matter,
 * because a row is in one of them only. Not thread-safe.
 */
final class SetWriter {

    private final Connection target;

    SetWriter(Connection target) {
        this.target = target;
    }

    /**
     * Writes them.
     *
     * @throws SetRefusedException if the server did not take them; the target transaction has to be undone
     * @throws FailedChangeException for an error that passes by itself
     */
    void write(PlannedSets planned) throws SetRefusedException, FailedChangeException {
        SetStatements texts = planned.statements();
        RowSets sets = planned.sets();
        if (!sets.deletes().isEmpty()) {
            execute(new Kind(planned.table(), Operation.DELETE), texts.delete(), sets.deletes());
        }
        for (RowSets.Updates updates : sets.updates()) {
            execute(
                    new Kind(planned.table(), Operation.UPDATE),
                    texts.update(updates.columns()),
                    updates.keys(),
                    updates.values());
        }
        for (RowSets.Rows inserts : sets.inserts()) {
            copy(new Kind(planned.table(), Operation.INSERT), texts.copy(inserts.columns()), inserts);
        }
    }

    /** What a set changes, for messages. */
    private record Kind(TableName table, Operation operation) {

        void requireAll(long changed, int wanted) throws SetRefusedException {
            if (changed != wanted) {
                throw new SetRefusedException(this + " changed " + changed + " rows, not " + wanted);
            }
        }

        SetRefusedException refused(SQLException e) throws FailedChangeException {
            if (FailurePolicy.of(e) == FailurePolicy.RETRY) {
                throw new FailedChangeException(toString(), e);
            }
            return new SetRefusedException(this + ": " + ServerError.describe(e), ServerError.withoutValues(e));
        }

        @Override
        public String toString() {
            return operation.words() + " " + table;
        }
    }

    /**
     * Executes a statement chunk by chunk.
     *
     * @param parameters of the same number of rows
     */
    private void execute(Kind what, String sql, RowSets.Rows... parameters)
            throws SetRefusedException, FailedChangeException {
        List<RowSets.Rows> rows = List.of(parameters);
        int size = rows.get(0).size();
        try (PreparedStatement statement = target.prepareStatement(sql)) {
            for (int from = 0; from < size; ) {
                int to = Chunks.end(rows, from);
                bind(statement, rows, from, to);
                what.requireAll(statement.executeLargeUpdate(), to - from);
                from = to;
            }
        } catch (SQLException e) {
            throw what.refused(e);
        }
    }

    private void bind(PreparedStatement statement, List<RowSets.Rows> parameters, int from, int to)
            throws SQLException {
        int parameter = 1;
        for (RowSets.Rows rows : parameters) {
            for (int column = 0; column < rows.columns().size(); column++) {
                statement.setArray(parameter++, target.createArrayOf("text", rows.column(column, from, to)));
            }
        }
    }

    private void copy(Kind what, String sql, RowSets.Rows rows) throws SetRefusedException, FailedChangeException {
        try {
            CopyIn copy = target.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
            try {
                what.requireAll(send(rows, new CopyRows(copy)), rows.size());
            } catch (SQLException | ConnectException e) {
                cancel(copy, e);
                throw e;
            }
        } catch (SQLException e) {
            throw what.refused(e);
        }
    }

    private static long send(RowSets.Rows rows, CopyRows text) throws SQLException {
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < rows.columns().size(); column++) {
                text.value(rows.value(row, column));
            }
            text.endRow();
        }
        return text.end();
    }

    /** On a connection that is lost there is nothing to cancel; the cause is what counts. */
    private static void cancel(CopyIn copy, Exception cause) {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
