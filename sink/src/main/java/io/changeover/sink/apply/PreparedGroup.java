package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.sink.group.Group;
import io.changeover.sink.group.Origin;
import io.changeover.sink.group.SourceTransaction;
import io.changeover.sink.visibility.LoadedTables;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A group whose changes are divided by table and planned before it is its turn.
 *
 * @param loads the state of the loads that this was done for, none of which has a part in it
 */
record PreparedGroup(Group group, LoadedTables loads, ChangesByTable changes) {

    /**
     * Prepares one. Nothing is written, so another thread may meanwhile.
     *
     * @return empty if its changes have to be looked at one by one
     */
    static Optional<PreparedGroup> of(Group group, LoadedTables loads, TableSets sets) throws SQLException {
        ChangesByTable changes = new ChangesByTable();
        for (SourceTransaction each : group.transactions()) {
            Origin origin = each.origin();
            if (!loads.isAllMissing(origin)) {
                return Optional.empty();
            }
            for (ChangeEvent change : each.changes()) {
                if (change instanceof ChangeEvent.Truncate || change instanceof ChangeEvent.Definition) {
                    return Optional.empty();
                }
                changes.add(change, origin);
            }
        }
        List<PendingChanges> tables = changes.waiting();
        for (int i = 0; i < tables.size(); i++) {
            sets.plan(tables.get(i), i == 0);
        }
        return Optional.of(new PreparedGroup(group, loads, changes));
    }
}
