package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.TableName;
import io.changeover.sink.apply.SetWriter.EncodedSets;
import io.changeover.sink.failure.FailedChangeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the changes of a table as sets where that can be done and does not often fail. Not thread-safe. */
final class TableSets {

    private static final Logger LOG = LoggerFactory.getLogger(TableSets.class);

    private final Connection target;
    private final SetPlanner planner;
    private final SetWriter writer;
    private final SetOutcomes outcomes;
    private final Map<TableName, CompletableFuture<Optional<EncodedSets>>> ahead = new HashMap<>();

    TableSets(Connection target, TargetTables tables, SetOutcomes outcomes) {
        this.target = target;
        this.planner = new SetPlanner(tables);
        this.writer = new SetWriter(target);
        this.outcomes = outcomes;
    }

    /**
     * Begins to plan and encode beside the caller, who leaves the changes alone until they are written or
     * {@link #forgetPlans()}.
     *
     * @param changes those that the table's next {@link #write} has
     */
    void planAhead(TableName table, List<ChangeEvent> changes) {
        ahead.put(table, CompletableFuture.supplyAsync(() -> {
            try {
                return encoded(table, changes);
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        }));
    }

    private Optional<EncodedSets> encoded(TableName table, List<ChangeEvent> changes) throws SQLException {
        Optional<PlannedSets> sets = planner.plan(table, changes);
        return sets.isPresent() ? Optional.of(writer.encode(sets.get())) : Optional.empty();
    }

    /** Waits until nothing is planned any more; what was not written is forgotten. */
    void forgetPlans() {
        List.copyOf(ahead.keySet()).forEach(this::planned);
    }

    /** Empty if nothing was planned, or if that failed: planning again says why. */
    private Optional<Optional<EncodedSets>> planned(TableName table) {
        return Optional.ofNullable(ahead.remove(table))
                .flatMap(plan -> plan.handle((sets, failure) -> Optional.ofNullable(sets))
                        .join());
    }

    /**
     * Writes them, if they can be written as sets.
     *
     * @param withSavepoint whether the caller cannot undo the target transaction
     * @return whether they are written; if not, the target is as before
     * @throws SetRefusedException if the server did not take them; the target transaction has to be undone. Not with a
     *     savepoint
     * @throws FailedChangeException for an error that passes by itself
     */
    boolean write(TableName table, List<ChangeEvent> changes, boolean withSavepoint)
            throws SQLException, SetRefusedException, FailedChangeException {
        Optional<Optional<EncodedSets>> planned = planned(table);
        if (outcomes.rests(table)) {
            return false;
        }
        Optional<EncodedSets> sets = planned.isPresent() ? planned.get() : encoded(table, changes);
        if (sets.isEmpty()) {
            return false;
        }
        if (withSavepoint || outcomes.isDoubtful(table)) {
            return attempt(sets.get());
        }
        write(sets.get());
        return true;
    }

    private boolean attempt(EncodedSets sets) throws SQLException, FailedChangeException {
        Savepoint before = target.setSavepoint();
        try {
            write(sets);
        } catch (SetRefusedException e) {
            target.rollback(before);
            target.releaseSavepoint(before);
            return false;
        }
        target.releaseSavepoint(before);
        return true;
    }

    private void write(EncodedSets sets) throws SetRefusedException, FailedChangeException {
        try {
            writer.write(sets);
            outcomes.taken(sets.planned().table());
        } catch (SetRefusedException e) {
            outcomes.refused(sets.planned().table());
            LOG.debug("Written change by change, set {} that was refused: {}", outcomes.refusedCount(), e.getMessage());
            throw e;
        }
    }
}
