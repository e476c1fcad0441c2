package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.TableName;
import io.changeover.sink.apply.SetWriter.EncodedSets;
import io.changeover.sink.failure.FailedChangeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
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
    private final TargetTables tables;
    private final SetWriter writer;
    private final SetOutcomes outcomes;
    private final Map<TableName, CompletableFuture<SetPlan>> ahead = new HashMap<>();
    private final List<EncodedSets> taken = new ArrayList<>();
    private Chunks.Size takenSize = Chunks.Size.NONE;

    TableSets(Connection target, TargetTables tables, SetOutcomes outcomes) {
        this.target = target;
        this.tables = tables;
        this.writer = new SetWriter(target);
        this.outcomes = outcomes;
    }

    /**
     * Plans changes of a later target transaction, if their table is known; another thread may write meanwhile.
     *
     * @param first whether they are to be written first, so that nobody encodes them before
     */
    void plan(PendingChanges changes, boolean first) throws SQLException {
        Optional<TableStatements> statements = tables.lastKnown(changes.table());
        if (changes.size() >= ChangeWriter.WORTHWHILE && statements.isPresent()) {
            SetPlan plan = planned(statements.get(), changes.changes());
            changes.plan(first ? encoded(plan) : plan);
        }
    }

    /**
     * Begins to plan and encode beside the caller, who leaves the changes alone until they are written or
     * {@link #forget()}.
     *
     * @param changes those that the table's next {@link #write} has
     */
    void planAhead(PendingChanges changes) {
        TableStatements statements = tables.statements(changes.table());
        ahead.put(changes.table(), CompletableFuture.supplyAsync(() -> {
            try {
                return encoded(statements, changes.changes(), changes.plan());
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        }));
    }

    private SetPlan encoded(TableStatements statements, List<ChangeEvent> changes, Optional<SetPlan> plan)
            throws SQLException {
        Optional<SetPlan> valid = plan.filter(each -> each.isFor(statements));
        return encoded(valid.isPresent() ? valid.get() : planned(statements, changes));
    }

    private static SetPlan planned(TableStatements statements, List<ChangeEvent> changes) {
        Optional<PlannedSets> sets = SetPlanner.plan(statements, changes);
        return new SetPlan(statements, sets.map(each -> new EncodedSets(each, Optional.empty())));
    }

    private SetPlan encoded(SetPlan plan) throws SQLException {
        if (plan.sets().isEmpty() || plan.sets().get().first().isPresent()) {
            return plan;
        }
        return new SetPlan(
                plan.basis(), Optional.of(writer.encode(plan.sets().get().planned())));
    }

    /** Empty if nothing was planned, or if that failed: planning again says why. */
    private Optional<SetPlan> takePlan(TableName table) {
        return Optional.ofNullable(ahead.remove(table))
                .flatMap(plan -> plan.handle((sets, failure) -> Optional.ofNullable(sets))
                        .join());
    }

    /**
     * Writes them, if they can be written as sets. What is little is only taken, and goes to the server with that of
     * other tables, by {@link #writeTaken()} at the latest.
     *
     * @param plan for these changes, if one was made in an earlier target transaction
     * @param withSavepoint whether the caller cannot undo the target transaction
     * @return whether they are written or taken; if not, the target is as before
     * @throws SetRefusedException if the server did not take them; the target transaction has to be undone. Not with a
     *     savepoint
     * @throws FailedChangeException for an error that passes by itself
     */
    boolean write(TableName table, List<ChangeEvent> changes, Optional<SetPlan> plan, boolean withSavepoint)
            throws SQLException, SetRefusedException, FailedChangeException {
        Optional<SetPlan> known = takePlan(table);
        if (outcomes.rests(table)) {
            return false;
        }
        SetPlan made = known.isPresent() ? known.get() : encoded(tables.statements(table), changes, plan);
        if (made.sets().isEmpty()) {
            return false;
        }
        EncodedSets sets = made.sets().get();
        if (withSavepoint || outcomes.isDoubtful(table)) {
            return attempt(sets);
        }
        Optional<Chunks.Size> size = SetWriter.size(sets).filter(Chunks.Size::fitsIntoOne);
        if (size.isEmpty()) {
            write(sets);
        } else {
            take(sets, size.get());
        }
        return true;
    }

    private void take(EncodedSets sets, Chunks.Size size) throws SetRefusedException, FailedChangeException {
        if (!takenSize.plus(size).fitsIntoOne()) {
            writeTaken();
        }
        taken.add(sets);
        takenSize = takenSize.plus(size);
    }

    /**
     * Writes what was taken.
     *
     * @throws SetRefusedException as {@link #write}
     */
    void writeTaken() throws SetRefusedException, FailedChangeException {
        List<EncodedSets> all = List.copyOf(taken);
        taken.clear();
        takenSize = Chunks.Size.NONE;
        try {
            writer.writeTogether(all);
        } catch (SetRefusedException e) {
            throw refused(e);
        }
        all.forEach(each -> outcomes.taken(each.planned().table()));
    }

    /** Waits until nothing is planned any more; what was not written is forgotten. */
    void forget() {
        List.copyOf(ahead.keySet()).forEach(this::takePlan);
        taken.clear();
        takenSize = Chunks.Size.NONE;
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
        } catch (SetRefusedException e) {
            throw refused(e);
        }
        outcomes.taken(sets.planned().table());
    }

    private SetRefusedException refused(SetRefusedException e) {
        e.tables().forEach(outcomes::refused);
        LOG.debug("Written change by change, set {} that was refused: {}", outcomes.refusedCount(), e.getMessage());
        return e;
    }
}
