package io.changeover.sink.apply;

import io.changeover.ledger.StreamLedger.Position;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.group.Group;
import io.changeover.sink.group.SourceTransaction;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one target transaction of a group: first with sets of rows, and if the server does not take these, once more
 * with every change by itself.
 */
final class GroupApplier {

    private static final Logger LOG = LoggerFactory.getLogger(GroupApplier.class);

    private final Connection target;
    private final String stream;
    private final TargetTables tables;
    private final TableSets sets;

    GroupApplier(Connection target, String stream, TargetTables tables, TableSets sets) {
        this.target = target;
        this.stream = stream;
        this.tables = tables;
        this.sets = sets;
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
        if (transactions.isEmpty()) {
            Position next = new Position(from.epoch(), group.nextOffset(), from.commitLsn());
            return TargetTransaction.advance(target, stream, next, 0, 0);
        }
        try {
            return write(group, from, loads, ChangeWriter.Mode.SETS);
        } catch (SetRefusedException e) {
            LOG.debug("Stream {}: a group is written change by change: {}", stream, e.getMessage());
            target.rollback();
            return writeInOrder(group, from, loads);
        }
    }

    private Position writeInOrder(Group group, Position from, LoadedTables loads)
            throws SQLException, FailedChangeException {
        try {
            return write(group, from, loads, ChangeWriter.Mode.IN_ORDER);
        } catch (SetRefusedException e) {
            throw new IllegalStateException("No sets were to be written", e);
        }
    }

    private Position write(Group group, Position from, LoadedTables loads, ChangeWriter.Mode mode)
            throws SQLException, FailedChangeException, SetRefusedException {
        List<SourceTransaction> transactions = group.transactions();
        try (TargetTransaction transaction = TargetTransaction.begin(target, stream, tables, sets, mode)) {
            for (SourceTransaction each : transactions) {
                transaction.write(each.changes(), each.origin(), loads);
                transaction.endSource(each.origin());
            }
            SourceTransaction last = transactions.get(transactions.size() - 1);
            Position next = new Position(from.epoch(), group.nextOffset(), last.commitLsn());
            return transaction.commit(next, transactions.size(), last.end().committedAt());
        }
    }
}
