package io.changeover.runner;

import io.changeover.ddl.DdlApply;
import io.changeover.ddl.DdlChange;
import io.changeover.ddl.DdlChange.Kind;
import io.changeover.ddl.DdlResult;
import io.changeover.definition.CatalogDefinitions;
import io.changeover.postgres.Connections;
import io.changeover.postgres.TableName;
import io.changeover.schema.OneTable;
import io.changeover.sink.guard.ConstraintGuard;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Does to the target what was done to the source, as far as that is safe without knowing why it was done.
 *
 * @param reload has a table loaded
 * @param audit is told of each, done or not, before the next
 */
record DdlActions(Pair pair, Reloading reload, BiConsumer<DdlChange, DdlResult> audit) {

    /** Has a table loaded. */
    @FunctionalInterface
    interface Reloading {
        /** Why it cannot be, if it cannot. */
        Optional<String> request(TableName table) throws SQLException;
    }

    /** What is different now. */
    static List<DdlChange> list(Pair pair) throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-control");
                Connection target = Connections.open(pair.target(), "changeover-control")) {
            return pair.definitions().changes(source, target);
        }
    }

    /**
     * Makes what is offered, each by itself.
     *
     * @param only this table; empty for all
     * @return what became of each; of one table also why nothing is offered
     */
    List<DdlResult> apply(Optional<TableName> only) throws SQLException, InterruptedException {
        List<DdlResult> results = new ArrayList<>();
        for (DdlChange change : list(pair)) {
            if (only.isPresent() ? only.get().equals(change.table()) : change.offered()) {
                DdlResult result =
                        change.offered() ? apply(change) : new DdlResult(change.table(), false, change.words());
                audit.accept(change, result);
                results.add(result);
            }
        }
        return results;
    }

    private DdlResult apply(DdlChange change) throws InterruptedException {
        try {
            return change.kind() == Kind.ALTERED ? alter(change) : make(change);
        } catch (SQLException | IOException e) {
            return new DdlResult(change.table(), false, String.valueOf(e.getMessage()));
        }
    }

    private DdlResult alter(DdlChange change) throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-control");
                Connection target = Connections.open(pair.target(), "changeover-control")) {
            List<String> statements = DdlApply.addColumns(source, target, change.table(), change.onTarget());
            return new DdlResult(
                    change.table(), true, statements.isEmpty() ? "as its parent" : String.join("; ", statements));
        }
    }

    private DdlResult make(DdlChange change) throws SQLException, IOException, InterruptedException {
        TableName table = change.table();
        List<String> made = List.of();
        if (!isOnTarget(table)) {
            made = OneTable.copy(pair.source(), pair.target(), table);
            try (Connection target = Connections.open(pair.target(), "changeover-control")) {
                ConstraintGuard.raise(target);
            }
        }
        Optional<String> refusal = reload.request(table);
        String words = made.isEmpty() ? "" : "Made " + String.join(", ", made) + "; ";
        return refusal.map(why -> new DdlResult(table, false, words + "it cannot be loaded now: " + why))
                .orElseGet(() -> new DdlResult(table, true, words + "it is being loaded"));
    }

    private boolean isOnTarget(TableName table) throws SQLException {
        try (Connection target = Connections.open(pair.target(), "changeover-control")) {
            return CatalogDefinitions.ofTarget(target, table).isPresent();
        }
    }
}
