package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.TableCounts;
import io.changeover.postgres.TableName;
import io.changeover.sink.group.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes of one table that wait to be written, in order, and the number of all that ever waited. They may have a plan.
 * Not thread-safe.
 */
final class PendingChanges {

    private final TableName table;
    private final List<ChangeEvent> changes = new ArrayList<>();
    private final List<Origin> origins = new ArrayList<>();
    private boolean isOfInserts = true;
    private Optional<SetPlan> plan = Optional.empty();
    private long inserts;
    private long updates;
    private long deletes;
    private long truncates;

    PendingChanges(TableName table) {
        this.table = table;
    }

    TableName table() {
        return table;
    }

    void add(ChangeEvent.Insert insert, Origin origin) {
        inserts++;
        keep(insert, origin);
    }

    void add(ChangeEvent.Update update, Origin origin) {
        updates++;
        isOfInserts = false;
        keep(update, origin);
    }

    void add(ChangeEvent.Delete delete, Origin origin) {
        deletes++;
        isOfInserts = false;
        keep(delete, origin);
    }

    /** Counts changes that do not wait here, because they are written. */
    void count(TableCounts written) {
        inserts += written.inserts();
        updates += written.updates();
        deletes += written.deletes();
        truncates += written.truncates();
    }

    /** Counts a truncate, which does not wait here. */
    void countTruncate() {
        truncates++;
    }

    private void keep(ChangeEvent change, Origin origin) {
        changes.add(change);
        origins.add(origin);
        plan = Optional.empty();
    }

    int size() {
        return changes.size();
    }

    /** Those that wait; changes with this object. */
    List<ChangeEvent> changes() {
        return changes;
    }

    /** Whether all that wait are inserts: there is little to plan. */
    boolean isOfInserts() {
        return isOfInserts;
    }

    /** A plan for all that wait was made. */
    void plan(SetPlan made) {
        plan = Optional.of(made);
    }

    /** The plan for all that wait, if one was made. */
    Optional<SetPlan> plan() {
        return plan;
    }

    /** Where the one at a position comes from. */
    Origin origin(int position) {
        return origins.get(position);
    }

    /** They are written: nothing waits. */
    void clear() {
        changes.clear();
        origins.clear();
        plan = Optional.empty();
        isOfInserts = true;
    }

    /** All that were added, and the truncates. */
    TableCounts counts() {
        return new TableCounts(table, inserts, updates, deletes, truncates);
    }
}
