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
 * Writes changes. They are kept by table until they are flushed: tables do not depend on each other while foreign keys
 * and triggers are silent, and nobody sees them before the commit. Those of a table are then written as sets of rows if
 * that is worthwhile, and else in the order in which they came, neighbours with the same statement together. Truncates
 * of one transaction go together, behind everything that came before them.
 *
 * <p>Serves one target transaction, with any time between two changes; the caller commits.
 */
final class ChangeWriter implements AutoCloseable {

    /** Fewer changes are no slower one by one, and then need no second try. */
    private static final int WORTHWHILE = 20;

    /** Where a change comes from is for messages. */
    private record Located(ChangeEvent change, Origin origin) {}

    /** How changes are written. */
    enum Mode {
        /** Every change by itself. */
        IN_ORDER,
        /** Sets where they are worthwhile; one that is refused is the caller's matter. */
        SETS,
        /** Sets where they are worthwhile, each under a savepoint: what is refused is written in order. */
        SETS_OR_IN_ORDER
    }

    private final Connection target;
    private final TargetTables tables;
    private final TableSets sets;
    private final Mode mode;
    private final Map<TableName, List<Located>> pending = new LinkedHashMap<>();
    private final Map<TableName, TableCounts> counts = new LinkedHashMap<>();
    private final List<Marker> markers = new ArrayList<>();
    private final Map<TableName, TargetTable> truncated = new LinkedHashMap<>();
    private Optional<StatementBatch> batch = Optional.empty();

    ChangeWriter(Connection target, TargetTables tables, TableSets sets, Mode mode) {
        this.target = target;
        this.tables = tables;
        this.sets = sets;
        this.mode = mode;
    }

    /** What was written, by table. */
    Collection<TableCounts> counts() {
        return counts.values();
    }

    /** Markers that were passed. */
    List<Marker> markers() {
        return markers;
    }

    /** What was written until now; nothing waits to be. */
    record Mark(Map<TableName, TableCounts> counts, int markers) {}

    Mark mark() {
        return new Mark(new LinkedHashMap<>(counts), markers.size());
    }

    /** Forgets what came since a mark; on the target, the caller has undone it. */
    void reset(Mark mark) throws SQLException {
        close();
        batch = Optional.empty();
        pending.clear();
        truncated.clear();
        counts.clear();
        counts.putAll(mark.counts());
        markers.subList(mark.markers(), markers.size()).clear();
    }

    /** Takes a change; it is written by the next {@link #flush()} at the latest. */
    void write(ChangeEvent change, Origin origin) throws SQLException, FailedChangeException, SetRefusedException {
        if (change instanceof ChangeEvent.Truncate truncate) {
            flush();
            truncated.put(truncate.table(), tables.table(truncate.table()));
            count(new TableCounts(truncate.table(), 0, 0, 0, 1));
            return;
        }
        writeTruncates(origin);
        if (change instanceof ChangeEvent.Insert insert) {
            add(insert.table(), change, origin, new TableCounts(insert.table(), 1, 0, 0, 0));
        } else if (change instanceof ChangeEvent.Update update) {
            add(update.table(), change, origin, new TableCounts(update.table(), 0, 1, 0, 0));
        } else if (change instanceof ChangeEvent.Delete delete) {
            add(delete.table(), change, origin, new TableCounts(delete.table(), 0, 0, 1, 0));
        } else if (change instanceof ChangeEvent.Message message) {
            Marker.of(message).ifPresent(markers::add);
        }
    }

    private void add(TableName table, ChangeEvent change, Origin origin, TableCounts count) {
        pending.computeIfAbsent(table, name -> new ArrayList<>()).add(new Located(change, origin));
        counts.merge(table, count, TableCounts::plus);
    }

    /** Truncates of one source transaction are not put together with the next one's. */
    void endTransaction(Origin origin) throws FailedChangeException {
        writeTruncates(origin);
    }

    /**
     * Sends the rows that are kept. Truncates wait: the next change may be another one of the same statement.
     *
     * @throws SetRefusedException if a set was not taken; the target transaction has to be undone, and then the same
     *     changes can be written without sets
     */
    void flush() throws SQLException, FailedChangeException, SetRefusedException {
        for (Map.Entry<TableName, List<Located>> table : pending.entrySet()) {
            if (!writeSets(table.getKey(), table.getValue())) {
                for (Located each : table.getValue()) {
                    writeOne(each.change(), each.origin());
                }
                writeBatch();
            }
        }
        pending.clear();
    }

    /** Whether they are written; if not, nothing was. */
    private boolean writeSets(TableName table, List<Located> changes)
            throws SQLException, FailedChangeException, SetRefusedException {
        return mode != Mode.IN_ORDER
                && changes.size() >= WORTHWHILE
                && sets.write(table, changes.stream().map(Located::change).toList(), mode == Mode.SETS_OR_IN_ORDER);
    }

    private void writeOne(ChangeEvent change, Origin origin) throws SQLException, FailedChangeException {
        if (change instanceof ChangeEvent.Insert insert) {
            RowStatement statement = tables.statement(insert.table(), table -> table.insert(insert.after()));
            add(statement, Tuple.EMPTY, insert.after(), origin);
        } else if (change instanceof ChangeEvent.Update update) {
            Optional<RowStatement> statement =
                    tables.statement(update.table(), table -> table.update(update.before(), update.after()));
            if (statement.isPresent()) {
                add(statement.get(), update.before(), update.after(), origin);
            }
        } else if (change instanceof ChangeEvent.Delete delete) {
            RowStatement statement = tables.statement(delete.table(), table -> table.delete(delete.before()));
            add(statement, delete.before(), Tuple.EMPTY, origin);
        }
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
