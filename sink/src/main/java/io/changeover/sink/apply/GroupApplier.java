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

/** Makes one target transaction of a group. */
final class GroupApplier {

    private final Connection target;
    private final String stream;
    private final TargetTables tables;

    GroupApplier(Connection target, String stream, TargetTables tables) {
        this.target = target;
        this.stream = stream;
        this.tables = tables;
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
        try (TargetTransaction transaction = TargetTransaction.begin(target, stream, tables)) {
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
