package io.changeover.sink.apply;

import io.changeover.ledger.StreamLedger.Position;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.failure.RefusedException;
import io.changeover.sink.group.Group;
import io.changeover.sink.group.SourceTransaction;
import io.changeover.sink.metrics.ApplyFigures;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one target transaction of a group: first with sets of rows, and if the server does not take these, once more
 * with every change by itself, in batches. If one cannot be applied, a third time, one by one, to know which.
 */
final class GroupApplier {

    private static final Logger LOG = LoggerFactory.getLogger(GroupApplier.class);

    private final Connection target;
    private final String stream;
    private final TargetTables tables;
    private final TableSets sets;
    private final Quarantine quarantine;
    private final ApplyFigures figures;

    GroupApplier(
            Connection target,
            String stream,
            TargetTables tables,
            TableSets sets,
            Quarantine quarantine,
            ApplyFigures figures) {
        this.target = target;
        this.stream = stream;
        this.tables = tables;
        this.sets = sets;
        this.quarantine = quarantine;
        this.figures = figures;
    }

    /**
     * Applies a group and commits.
     *
     * @param prepared the group, if all of it is to be written
     * @param from the position before it
     * @return the position after it, or after those of its source transactions that come before one with a change that
     *     cannot be applied
     * @throws ConnectException if another task has taken over the stream
     * @throws FailedChangeException if a change cannot be applied, and the stream is to stop for it
     */
    Position apply(Group group, Optional<PreparedGroup> prepared, Position from, LoadedTables loads)
            throws SQLException, FailedChangeException {
        List<SourceTransaction> transactions = group.transactions();
        if (transactions.isEmpty()) {
            Position next = new Position(from.epoch(), group.nextOffset(), from.commitLsn());
            return TargetTransaction.advance(target, stream, next, loads);
        }
        Optional<Position> next = attempt(group, prepared, from, loads);
        while (next.isEmpty()) {
            next = attempt(group, Optional.empty(), from, loads);
        }
        return next.get();
    }

    /** Empty if a table was set aside, and the group is to be written without it. */
    private Optional<Position> attempt(Group group, Optional<PreparedGroup> prepared, Position from, LoadedTables loads)
            throws SQLException, FailedChangeException {
        try {
            return Optional.of(writeTogether(group, prepared, from, loads));
        } catch (FailedChangeException e) {
            if (e.policy() != FailurePolicy.REFUSED) {
                throw e;
            }
        } catch (SQLException e) {
            if (FailurePolicy.of(e) != FailurePolicy.REFUSED) {
                throw e;
            }
        } catch (RefusedException e) {
            LOG.debug("Stream {}: looking for the change that cannot be applied", stream);
        }
        target.rollback();
        return writeOneByOne(group, from, loads);
    }

    /** If a change cannot be applied, all source transactions before it are; it is dealt with when it is the first. */
    private Optional<Position> writeOneByOne(Group group, Position from, LoadedTables loads)
            throws SQLException, FailedChangeException {
        int written = 0;
        try (TargetTransaction transaction = begin(loads, ChangeWriter.Mode.IN_ORDER)) {
            for (SourceTransaction each : group.transactions()) {
                transaction.writeOneByOne(each.changes(), each.origin(), loads);
                written++;
            }
            return Optional.of(commit(transaction, group, from, loads));
        } catch (FailedChangeException e) {
            if (e.change().isEmpty() || written == group.transactions().size()) {
                throw e;
            }
            target.rollback();
            if (written > 0) {
                return Optional.of(writeTogether(group.first(written), Optional.empty(), from, loads));
            }
            quarantine.refuse(target, e, group.transactions().get(0), from.epoch(), loads);
            return Optional.empty();
        } catch (SetRefusedException e) {
            throw new IllegalStateException("No sets were to be written", e);
        }
    }

    private Position writeTogether(Group group, Optional<PreparedGroup> prepared, Position from, LoadedTables loads)
            throws SQLException, FailedChangeException {
        try {
            return prepared.isPresent()
                    ? write(prepared.get(), from)
                    : write(group, from, loads, ChangeWriter.Mode.SETS);
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
        try (TargetTransaction transaction = begin(loads, mode)) {
            for (SourceTransaction each : group.transactions()) {
                transaction.write(each.changes(), each.origin(), loads);
                transaction.endSource(each.origin());
            }
            return commit(transaction, group, from, loads);
        }
    }

    private Position write(PreparedGroup prepared, Position from)
            throws SQLException, FailedChangeException, SetRefusedException {
        try (TargetTransaction transaction = begin(prepared.loads(), ChangeWriter.Mode.SETS)) {
            transaction.write(prepared);
            return commit(transaction, prepared.group(), from, prepared.loads());
        }
    }

    private TargetTransaction begin(LoadedTables loads, ChangeWriter.Mode mode) throws SQLException {
        return TargetTransaction.begin(target, stream, tables, sets, quarantine, figures, loads, mode);
    }

    private static Position commit(TargetTransaction transaction, Group group, Position from, LoadedTables loads)
            throws SQLException, FailedChangeException, SetRefusedException {
        List<SourceTransaction> transactions = group.transactions();
        SourceTransaction last = transactions.get(transactions.size() - 1);
        Position next = new Position(from.epoch(), group.nextOffset(), last.commitLsn());
        int count = (int) transactions.stream()
                .filter(each -> !loads.isReplayed(each.origin()))
                .count();
        return transaction.commit(next, count, last.end().committedAt());
    }
}
