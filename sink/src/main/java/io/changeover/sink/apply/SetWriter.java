package io.changeover.sink.apply;

import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.failure.ServerError;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes sets of rows of a table: deletes, then updates, then inserts by COPY. Deletes and updates go in chunks, so
 * that neither the driver nor the server holds more than two of them a second time; in which order does not matter,
 * because a row is in one of them only. While the server executes one chunk, the next one is encoded. What is no more
 * than a chunk goes to the server in one message, also of several tables. Not thread-safe, but for {@link #encode}.
 */
final class SetWriter {

    private final Connection target;

    SetWriter(Connection target) {
        this.target = target;
    }

    /**
     * Sets that can be written.
     *
     * @param first the first chunk of the first statement that takes arrays; empty if there is none
     */
    record EncodedSets(PlannedSets planned, Optional<Chunk> first) {}

    /**
     * Some rows, as a statement takes them.
     *
     * @param columns an array of text each
     * @param from the first row
     * @param to the row after the last
     */
    record Chunk(List<Array> columns, int from, int to) {}

    /** A statement whose parameters are columns of the same rows. */
    private record ArrayStatement(Kind kind, String sql, List<RowSets.Rows> parameters) {

        int size() {
            return parameters.get(0).size();
        }
    }

    /** Asks the server nothing, so another thread may use the connection meanwhile. */
    EncodedSets encode(PlannedSets planned) throws SQLException {
        List<ArrayStatement> statements = statements(planned);
        return new EncodedSets(
                planned, statements.isEmpty() ? Optional.empty() : Optional.of(chunk(statements.get(0), 0)));
    }

    private Chunk chunk(ArrayStatement statement, int from) throws SQLException {
        int to = Chunks.end(statement.parameters(), from);
        List<Array> columns = new ArrayList<>();
        for (RowSets.Rows rows : statement.parameters()) {
            for (int column = 0; column < rows.columns().size(); column++) {
                columns.add(target.createArrayOf("text", rows.column(column, from, to)));
            }
        }
        return new Chunk(columns, from, to);
    }

    /** Deletes and updates. */
    private static List<ArrayStatement> statements(PlannedSets planned) {
        List<ArrayStatement> all = new ArrayList<>();
        RowSets sets = planned.sets();
        if (!sets.deletes().isEmpty()) {
            Kind kind = new Kind(planned.table(), Operation.DELETE);
            all.add(new ArrayStatement(kind, planned.statements().delete(), List.of(sets.deletes())));
        }
        for (RowSets.Updates updates : sets.updates()) {
            Kind kind = new Kind(planned.table(), Operation.UPDATE);
            String sql = planned.statements().update(updates.columns());
            all.add(new ArrayStatement(kind, sql, List.of(updates.keys(), updates.values())));
        }
        return all;
    }

    /**
     * Writes them.
     *
     * @throws SetRefusedException if the server did not take them; the target transaction has to be undone
     * @throws FailedChangeException for an error that passes by itself
     */
    void write(EncodedSets encoded) throws SetRefusedException, FailedChangeException {
        PlannedSets planned = encoded.planned();
        Optional<Chunk> first = encoded.first();
        for (ArrayStatement each : statements(planned)) {
            execute(each, first);
            first = Optional.empty();
        }
        copy(planned);
    }

    private void copy(PlannedSets planned) throws SetRefusedException, FailedChangeException {
        for (RowSets.Rows inserts : planned.sets().inserts()) {
            String sql = planned.statements().copy(inserts.columns());
            copy(new Kind(planned.table(), Operation.INSERT), sql, inserts);
        }
    }

    /** How much sets are, if nothing of them has to be copied. */
    static Optional<Chunks.Size> size(EncodedSets encoded) {
        if (!encoded.planned().sets().inserts().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(statements(encoded.planned()).stream()
                .map(each -> Chunks.size(each.parameters()))
                .reduce(Chunks.Size.NONE, Chunks.Size::plus));
    }

    /**
     * Writes sets of different tables in one message, which all together are no more than a chunk.
     *
     * @throws SetRefusedException if the server did not take them; the target transaction has to be undone
     * @throws FailedChangeException for an error that passes by itself
     */
    void writeTogether(List<EncodedSets> all) throws SetRefusedException, FailedChangeException {
        List<ArrayStatement> together = new ArrayList<>();
        List<Array> parameters = new ArrayList<>();
        try {
            for (EncodedSets each : all) {
                Optional<Chunk> first = each.first();
                for (ArrayStatement statement : statements(each.planned())) {
                    together.add(statement);
                    parameters.addAll((first.isPresent() ? first.get() : chunk(statement, 0)).columns());
                    first = Optional.empty();
                }
            }
            if (!together.isEmpty()) {
                execute(together, parameters);
            }
        } catch (SQLException e) {
            throw Kind.refused(together.stream().map(ArrayStatement::kind).toList(), e);
        }
    }

    private void execute(List<ArrayStatement> together, List<Array> parameters)
            throws SQLException, SetRefusedException {
        String sql = together.stream().map(ArrayStatement::sql).collect(Collectors.joining("; "));
        try (PreparedStatement statement = target.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setArray(i + 1, parameters.get(i));
            }
            statement.execute();
            for (ArrayStatement each : together) {
                each.kind().requireAll(statement.getLargeUpdateCount(), each.size());
                statement.getMoreResults();
            }
        }
    }

    /** What a set changes, for messages. */
    private record Kind(TableName table, Operation operation) {

        void requireAll(long changed, int wanted) throws SetRefusedException {
            if (changed != wanted) {
                throw new SetRefusedException(List.of(table), this + " changed " + changed + " rows, not " + wanted);
            }
        }

        SetRefusedException refused(SQLException e) throws FailedChangeException {
            return refused(List.of(this), e);
        }

        static SetRefusedException refused(List<Kind> kinds, SQLException e) throws FailedChangeException {
            String what = kinds.stream().map(Kind::toString).collect(Collectors.joining(", "));
            if (FailurePolicy.of(e) == FailurePolicy.RETRY) {
                throw new FailedChangeException(what, e);
            }
            return new SetRefusedException(
                    tables(kinds, e), what + ": " + ServerError.describe(e), ServerError.withoutValues(e));
        }

        /** The one that the server names, if it names one. */
        private static List<TableName> tables(List<Kind> kinds, SQLException e) {
            List<TableName> all = kinds.stream().map(Kind::table).distinct().toList();
            return ServerError.table(e).filter(all::contains).map(List::of).orElse(all);
        }

        @Override
        public String toString() {
            return operation.words() + " " + table;
        }
    }

    /** Executes it chunk by chunk, of which the first may be encoded. */
    private void execute(ArrayStatement what, Optional<Chunk> encoded)
            throws SetRefusedException, FailedChangeException {
        try (PreparedStatement statement = target.prepareStatement(what.sql())) {
            Optional<Chunk> next = encoded.isPresent() ? encoded : Optional.of(chunk(what, 0));
            while (next.isPresent()) {
                Chunk chunk = next.get();
                CompletableFuture<Optional<Chunk>> following = after(chunk, what);
                for (int i = 0; i < chunk.columns().size(); i++) {
                    statement.setArray(i + 1, chunk.columns().get(i));
                }
                what.kind().requireAll(statement.executeLargeUpdate(), chunk.to() - chunk.from());
                next = result(following);
            }
        } catch (SQLException e) {
            throw what.kind().refused(e);
        }
    }

    private CompletableFuture<Optional<Chunk>> after(Chunk chunk, ArrayStatement statement) {
        if (chunk.to() == statement.size()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return CompletableFuture.supplyAsync(() -> {
            try {
                return Optional.of(chunk(statement, chunk.to()));
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }

    private static Optional<Chunk> result(CompletableFuture<Optional<Chunk>> following) throws SQLException {
        try {
            return following.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw e;
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
