package io.changeover.sink.apply;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.sink.plan.NetChanges;
import io.changeover.sink.target.TargetTable;
import io.changeover.sink.target.UniqueKey;
import java.util.List;
import java.util.Optional;

/** Makes sets of the changes of a table, where that can be done. Writes nothing, and asks nobody. */
final class SetPlanner {

    private SetPlanner() {}

    /** Empty if the changes have to be written in the source's order. */
    static Optional<PlannedSets> plan(TableStatements statements, List<ChangeEvent> changes) {
        try {
            TargetTable table = statements.table();
            UniqueKey key = key(table, changes).orElse(UniqueKey.NONE);
            Optional<NetChanges> net =
                    key.parts().isEmpty() ? NetChanges.ofInserts(changes) : NetChanges.of(key.columns(), changes);
            return net.flatMap(each -> RowSets.of(table, each))
                    .map(sets -> new PlannedSets(table.name(), statements.sets(key), sets));
        } catch (UnknownColumnException e) {
            return Optional.empty(); // one by one, the change is named
        }
    }

    /** The best one that old rows tell, which all old rows of a table do or none. */
    private static Optional<UniqueKey> key(TargetTable table, List<ChangeEvent> changes) {
        Optional<List<String>> sent = changes.stream()
                .flatMap(change -> old(change).stream())
                .findFirst()
                .map(Tuple::names);
        return table.keys().stream()
                .filter(UniqueKey::isImmediate)
                .filter(key -> sent.isEmpty() || sent.get().containsAll(key.columns()))
                .findFirst();
    }

    private static Optional<Tuple> old(ChangeEvent change) {
        if (change instanceof ChangeEvent.Update update) {
            return Optional.of(update.before());
        }
        return change instanceof ChangeEvent.Delete delete ? Optional.of(delete.before()) : Optional.empty();
    }
}
