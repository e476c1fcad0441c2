package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.changeover.contract.TableCounts;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.group.Origin;
import io.changeover.sink.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes changes in the order in which they come. Neighbours with the same statement go to the server together, and so
 * do truncates of one transaction. Serves one target transaction, with any time between two changes; the caller
 * commits.
 */
final class ChangeWriter implements AutoCloseable {

    private final Connection target;
    private final TargetTables tables;
    private final Map<TableName, TableCounts> counts = new LinkedHashMap<>();
    private final List<Marker> markers = new ArrayList<>();
    private final Map<TableName, TargetTable> truncated = new LinkedHashMap<>();
    private Optional<StatementBatch> batch = Optional.empty();

    ChangeWriter(Connection target, TargetTables tables) {
        this.target = target;
        this.tables = tables;
    }

    /** What was written, by table. */
    Collection<TableCounts> counts() {
        return counts.values();
    }

    /** Markers that were passed. */
    List<Marker> markers() {
        return markers;
    }

    void write(ChangeEvent change, Origin origin) throws SQLException, FailedChangeException {
        if (change instanceof ChangeEvent.Truncate truncate) {
            writeBatch();
            truncated.put(truncate.table(), tables.table(truncate.table()));
            count(new TableCounts(truncate.table(), 0, 0, 0, 1));
            return;
        }
        writeTruncates(origin);
        if (change instanceof ChangeEvent.Insert insert) {
            RowStatement statement = tables.statement(insert.table(), table -> table.insert(insert.after()));
            add(statement, Tuple.EMPTY, insert.after(), origin);
            count(new TableCounts(insert.table(), 1, 0, 0, 0));
        } else if (change instanceof ChangeEvent.Update update) {
            Optional<RowStatement> statement =
                    tables.statement(update.table(), table -> table.update(update.before(), update.after()));
            if (statement.isPresent()) {
                add(statement.get(), update.before(), update.after(), origin);
            }
            count(new TableCounts(update.table(), 0, 1, 0, 0));
        } else if (change instanceof ChangeEvent.Delete delete) {
            RowStatement statement = tables.statement(delete.table(), table -> table.delete(delete.before()));
            add(statement, delete.before(), Tuple.EMPTY, origin);
            count(new TableCounts(delete.table(), 0, 0, 1, 0));
        } else if (change instanceof ChangeEvent.Message message) {
            Marker.of(message).ifPresent(markers::add);
        }
    }

    /** Nothing of one source transaction is put together with the next one's, but for rows of the same statement. */
    void endTransaction(Origin origin) throws FailedChangeException {
        writeTruncates(origin);
    }

    /** Sends the rows that are left. Truncates wait: the next change may be another one of the same statement. */
    void flush() throws SQLException, FailedChangeException {
        writeBatch();
    }

    private void add(RowStatement statement, Tuple before, Tuple after, Origin origin)
            throws SQLException, FailedChangeException {
        if (batch.isPresent() && !batch.get().isOf(statement)) {
            writeBatch();
        }
        if (batch.isEmpty()) {
            batch = Optional.of(new StatementBatch(target, statement));
        }
        batch.get().add(before, after, origin);
        if (batch.get().isFull()) {
            batch.get().execute();
        }
    }

    private void writeBatch() throws SQLException, FailedChangeException {
        if (batch.isPresent()) {
            try (StatementBatch last = batch.get()) {
                batch = Optional.empty();
                last.execute();
            }
        }
    }

    private void writeTruncates(Origin origin) throws FailedChangeException {
        if (truncated.isEmpty()) {
            return;
        }
        try (Statement statement = target.createStatement()) {
            for (String sql : Truncation.statements(truncated.values())) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new FailedChangeException("Truncate of " + truncated.keySet() + " " + origin.description(), e);
        }
        truncated.clear();
    }

    private void count(TableCounts one) {
        counts.merge(one.table(), one, TableCounts::plus);
    }

    @Override
    public void close() throws SQLException {
        if (batch.isPresent()) {
            batch.get().close();
        }
    }
}
