package io.changeover.sink.rows;

import io.changeover.contract.TableCounts;
import io.changeover.ledger.StreamLedger;
import io.changeover.postgres.TableName;
import io.changeover.sink.apply.Truncation;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.ServerError;
import io.changeover.sink.metrics.ApplyFigures;
import io.changeover.sink.target.Catalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes one target transaction of a batch, in this order: rows table by table, counters, positions, commit. Whoever
 * sees the positions sees all of it.
 */
final class RowTransaction {

    private final Connection target;
    private final RowTables tables;
    private final TableWriter writer;
    private final RowQuarantine quarantine;
    private final ApplyFigures figures;

    RowTransaction(
            Connection target, RowTables tables, TableWriter writer, RowQuarantine quarantine, ApplyFigures figures) {
        this.target = target;
        this.tables = tables;
        this.writer = writer;
        this.quarantine = quarantine;
        this.figures = figures;
    }

    /**
     * Applies a batch and commits; after a failure nothing is, and the connection has to be given up.
     *
     * @throws RowRefusedException if a record cannot be applied; then the connection only has to roll back
     */
    void apply(RowBatch batch, Positions positions) throws SQLException, FailedChangeException, RowRefusedException {
        long begun = System.nanoTime();
        deferConstraints();
        Map<TableName, List<RowChange>> pending = new LinkedHashMap<>();
        for (RowChange change : batch.changes()) {
            if (change.kind() == RowChange.Kind.TRUNCATE) {
                write(pending);
                truncate(change);
            } else {
                pending.computeIfAbsent(change.table(), name -> new ArrayList<>())
                        .add(change);
            }
        }
        write(pending);
        count(batch);
        quarantine.write(target, batch);
        positions.store(target, batch.resume());
        commit(batch);
        positions.moveTo(batch.resume(), batch.next());
        quarantine.committed();
        List<TableCounts> counts = batch.counts().values().stream()
                .flatMap(tables -> tables.values().stream())
                .toList();
        figures.committed(counts, 0, TimeUnit.MILLISECONDS.toMicros(batch.producedMillis()), System.nanoTime() - begun);
    }

    private void deferConstraints() throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute("set constraints all deferred");
        }
    }

    /** A constraint that is checked here names its table, as far as the server knows that. */
    private void commit(RowBatch batch) throws SQLException, FailedChangeException, RowRefusedException {
        try {
            target.commit();
        } catch (SQLException e) {
            List<RowChange> changes = batch.changes();
            Optional<TableName> table = ServerError.table(e);
            Optional<RowChange> first = changes.stream()
                    .filter(change -> table.isEmpty() || change.table().equals(table.get()))
                    .findFirst()
                    .or(() -> changes.stream().findFirst());
            if (first.isEmpty()) {
                throw e;
            }
            throw RowRefusedException.ofCommit(first.get(), e);
        }
    }

    private void write(Map<TableName, List<RowChange>> pending)
            throws SQLException, FailedChangeException, RowRefusedException {
        for (Map.Entry<TableName, List<RowChange>> table : pending.entrySet()) {
            writer.write(tables.find(table.getKey()).orElseThrow(), table.getValue());
        }
        pending.clear();
    }

    private void truncate(RowChange change) throws SQLException, FailedChangeException, RowRefusedException {
        RowTable table = tables.find(change.table()).orElseThrow();
        try (Statement statement = target.createStatement()) {
            Set<TableName> referencing = Catalog.referencing(target, List.of(change.table()));
            for (String sql : Truncation.statements(List.of(table.table()), referencing)) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw RowRefusedException.of(change, "Truncate of " + change.table() + " by record " + change.place(), e);
        }
    }

    private void count(RowBatch batch) throws SQLException {
        for (TopicPartition partition : Positions.inOrder(batch.counts().keySet())) {
            List<TableCounts> counts = batch.counts().getOrDefault(partition, Map.of()).values().stream()
                    .sorted(Comparator.comparing(TableCounts::table, TableName::compareTo))
                    .toList();
            StreamLedger.count(target, Positions.stream(partition), counts);
        }
    }
}
