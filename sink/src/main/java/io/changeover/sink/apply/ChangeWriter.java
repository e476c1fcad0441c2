package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.changeover.contract.TableCounts;
import io.changeover.contract.TableDefinition;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.group.Origin;
import io.changeover.sink.target.Catalog;
import io.changeover.sink.target.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes changes. They are kept by table until they are flushed: tables do not depend on each other while foreign keys
 * and triggers are silent, and nobody sees them before the commit. Those of a table are then written as sets of rows if
 * that is worthwhile, and else in the order in which they came, neighbours with the same statement together; where
 * there is no key, only runs of inserts are sets. While the server writes those of one table, those of the next one are
 * planned. Truncates of one transaction go together, behind everything that came before them.
 *
 * <p>Serves one target transaction, with any time between two changes; the caller commits.
 */
final class ChangeWriter implements AutoCloseable {

    /** Fewer changes are no slower one by one, and then need no second try. */
    static final int WORTHWHILE = 20;

    /** Fewer changes are planned in less time than another thread takes to begin. */
    private static final int WORTHWHILE_AHEAD = 500;

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
    private ChangesByTable pending = new ChangesByTable();
    private final Set<TableName> truncated = new LinkedHashSet<>();
    private Optional<StatementBatch> batch = Optional.empty();

    ChangeWriter(Connection target, TargetTables tables, TableSets sets, Mode mode) {
        this.target = target;
        this.tables = tables;
        this.sets = sets;
        this.mode = mode;
    }

    /** What was written, by table. */
    List<TableCounts> counts() {
        return pending.counts();
    }

    /** Markers that were passed. */
    List<Marker> markers() {
        return pending.markers();
    }

    /** What was written until now; nothing waits to be. */
    record Mark(List<TableCounts> counts, List<Marker> markers) {}

    Mark mark() {
        return new Mark(counts(), List.copyOf(markers()));
    }

    /** Forgets what came since a mark; on the target, the caller has undone it. */
    void reset(Mark mark) throws SQLException {
        close();
        batch = Optional.empty();
        pending.clear();
        truncated.clear();
        mark.counts().forEach(each -> pending.of(each.table()).count(each));
        pending.markers().addAll(mark.markers());
    }

    /** Takes changes that nothing has come before; they are written by the next {@link #flush()}. */
    void write(ChangesByTable changes) {
        pending = changes;
    }

    /** Takes a change; it is written by the next {@link #flush()} at the latest. */
    void write(ChangeEvent change, Origin origin) throws SQLException, FailedChangeException, SetRefusedException {
        if (change instanceof ChangeEvent.Truncate truncate) {
            flush();
            truncated.add(truncate.table());
            pending.of(truncate.table()).countTruncate();
            return;
        }
        writeTruncates(origin);
        if (change instanceof ChangeEvent.Definition definition) {
            accept(definition.definition());
            return;
        }
        pending.add(change, origin);
    }

    /** What was kept until now is of the definition before. */
    private void accept(TableDefinition definition) throws SQLException, FailedChangeException, SetRefusedException {
        if (!tables.sources().isKnown(definition)) {
            flush();
            hold(List.of(definition.table()));
            tables.sources().accept(target, definition);
        }
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
        List<PendingChanges> waiting = pending.waiting();
        hold(waiting.stream().map(PendingChanges::table).toList());
        try {
            for (int i = 0; i < waiting.size(); i++) {
                if (i + 1 < waiting.size()) {
                    planAhead(waiting.get(i + 1));
                }
                write(waiting.get(i));
                waiting.get(i).clear();
            }
            sets.writeTaken();
        } finally {
            sets.forget();
        }
    }

    private void planAhead(PendingChanges changes) {
        if (mode != Mode.IN_ORDER && changes.size() >= WORTHWHILE_AHEAD) {
            sets.planAhead(changes);
        }
    }

    private void hold(Collection<TableName> names) throws FailedChangeException {
        try {
            tables.hold(names);
        } catch (SQLException e) {
            int others = names.size() - 1;
            throw new FailedChangeException(
                    "Lock of " + names.iterator().next() + (others == 0 ? "" : " and " + others + " others"), e);
        }
    }

    private void write(PendingChanges changes) throws SQLException, FailedChangeException, SetRefusedException {
        TableName table = changes.table();
        if (!writeSet(table, changes.changes(), changes.plan())) {
            boolean keyless = tables.table(table).isKeyless();
            for (int from = 0; from < changes.size(); ) {
                int to = keyless ? endOfInserts(changes.changes(), from) : from;
                if (to == from || !writeSet(table, changes.changes().subList(from, to), Optional.empty())) {
                    to = Math.max(to, from + 1);
                    for (int i = from; i < to; i++) {
                        writeOne(changes.changes().get(i), changes.origin(i));
                    }
                }
                from = to;
            }
            writeBatch();
        }
    }

    /** Where the run of inserts ends that begins there: in a table without a key they are a set of their own. */
    private static int endOfInserts(List<ChangeEvent> changes, int from) {
        int to = from;
        while (to < changes.size() && changes.get(to) instanceof ChangeEvent.Insert) {
            to++;
        }
        return to;
    }

    /** Whether they are written, behind what was written before; if not, nothing of them was. */
    private boolean writeSet(TableName table, List<ChangeEvent> changes, Optional<SetPlan> plan)
            throws SQLException, FailedChangeException, SetRefusedException {
        if (mode == Mode.IN_ORDER || changes.size() < WORTHWHILE) {
            return false;
        }
        writeBatch();
        return sets.write(table, changes, plan, mode == Mode.SETS_OR_IN_ORDER);
    }

    private void writeOne(ChangeEvent change, Origin origin) throws SQLException, FailedChangeException {
        if (change instanceof ChangeEvent.Insert insert) {
            RowStatement statement = tables.statements(insert.table()).insert(insert.after());
            add(statement, Tuple.EMPTY, insert.after(), origin);
        } else if (change instanceof ChangeEvent.Update update) {
            Optional<RowStatement> statement =
                    tables.statements(update.table()).update(update.before(), update.after());
            if (statement.isPresent()) {
                add(statement.get(), update.before(), update.after(), origin);
            }
        } else if (change instanceof ChangeEvent.Delete delete) {
            RowStatement statement = tables.statements(delete.table()).delete(delete.before());
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
        hold(truncated);
        try (Statement statement = target.createStatement()) {
            statement.setEscapeProcessing(false);
            List<TargetTable> all = truncated.stream().map(tables::table).toList();
            for (String sql : Truncation.statements(all, Catalog.referencing(target, truncated))) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new FailedChangeException("Truncate of " + truncated + " " + origin.description(), e);
        }
        truncated.clear();
    }

    @Override
    public void close() throws SQLException {
        if (batch.isPresent()) {
            batch.get().close();
        }
    }
}
