package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.TableCounts;
import io.changeover.ledger.StreamLedger;
import io.changeover.ledger.StreamLedger.Position;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.group.Group;
import io.changeover.sink.group.SourceTransaction;
import io.changeover.sink.visibility.LoadedTables;
import io.changeover.sink.visibility.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Makes one target transaction of a group. In this order: rows, markers, counters, position, commit; whoever sees the
 * position sees all of it.
 */
final class GroupApplier {

    private final Connection target;
    private final String stream;
    private final TargetTables tables;

    GroupApplier(Connection target, String stream) {
        this.target = target;
        this.stream = stream;
        this.tables = new TargetTables(target);
    }

    /**
     * Applies a group and commits.
     *
     * @param from the position before it
     * @return the position after it
     * @throws ConnectException if another task has taken over the stream, or the target has diverged
     */
    Position apply(Group group, Position from, LoadedTables loads) throws SQLException, FailedChangeException {
        List<SourceTransaction> transactions = group.transactions();
        if (!transactions.isEmpty()) {
            applyRows(transactions, loads);
        }
        Position next = after(group, from);
        long committedAt = transactions.isEmpty()
                ? 0
                : transactions.get(transactions.size() - 1).end().committedAt();
        if (!StreamLedger.advance(target, stream, next, transactions.size(), committedAt)) {
            target.rollback();
            throw new ConnectException("fenced: another task has taken over stream " + stream);
        }
        target.commit();
        return next;
    }

    private void applyRows(List<SourceTransaction> transactions, LoadedTables loads)
            throws SQLException, FailedChangeException {
        try (Statement statement = target.createStatement()) {
            statement.execute("set constraints all deferred");
        }
        try (ChangeWriter writer = new ChangeWriter(target, tables)) {
            for (SourceTransaction transaction : transactions) {
                for (ChangeEvent change : transaction.changes()) {
                    if (isMissing(change, transaction, loads)) {
                        writer.write(change, transaction.commitLsn());
                    }
                }
                writer.endTransaction(transaction.commitLsn());
            }
            writer.finish();
            LogSequenceNumber last = transactions.get(transactions.size() - 1).commitLsn();
            StreamLedger.recordMarkers(target, stream, writer.markers(), last);
            StreamLedger.count(target, stream, inOrderOfName(writer.counts()));
        }
    }

    private static boolean isMissing(ChangeEvent change, SourceTransaction transaction, LoadedTables loads) {
        return LoadedTables.tableOf(change)
                .map(table -> loads.verdict(table, transaction) == Verdict.APPLY)
                .orElse(true);
    }

    private static Position after(Group group, Position from) {
        List<SourceTransaction> transactions = group.transactions();
        LogSequenceNumber commitLsn = transactions.isEmpty()
                ? from.commitLsn()
                : transactions.get(transactions.size() - 1).commitLsn();
        return new Position(from.epoch(), group.nextOffset(), commitLsn);
    }

    private static List<TableCounts> inOrderOfName(java.util.Collection<TableCounts> counts) {
        return counts.stream()
                .sorted(Comparator.comparing(TableCounts::table, TableName::compareTo))
                .toList();
    }
}
