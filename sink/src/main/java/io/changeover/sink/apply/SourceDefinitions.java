package io.changeover.sink.apply;

import io.changeover.contract.ColumnDefinition;
import io.changeover.contract.TableDefinition;
import io.changeover.definition.AcceptedDefinition;
import io.changeover.definition.CatalogDefinitions;
import io.changeover.definition.DefinitionRule;
import io.changeover.definition.EarlierRows;
import io.changeover.definition.TableIdentity;
import io.changeover.definition.Verdict;
import io.changeover.fault.CrashPoint;
import io.changeover.ledger.DefinitionLedger;
import io.changeover.postgres.TableName;
import io.changeover.sink.failure.DefinitionRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The definitions of the source that the target's rows are of. Whatever the stream says of a table is compared with the
 * one that was accepted last, which is in the ledger, written by the copy of the table or by the transaction that
 * accepted a later one: a crash forgets neither. Not thread-safe.
 */
final class SourceDefinitions {

    /** As they were when they were read; a definition that is among them need not be compared with the ledger's. */
    private final Map<TableName, AcceptedDefinition> known = new HashMap<>();

    /**
     * What the ledger had, in the transaction that has just begun or one before. Definitions that another session has
     * accepted since are read when they are needed.
     */
    void read(Connection target) throws SQLException {
        known.clear();
        known.putAll(DefinitionLedger.read(target));
    }

    /** Whether the target has nothing to be compared with. */
    boolean isKnown(TableDefinition definition) {
        AcceptedDefinition accepted = known.get(definition.table());
        return accepted != null && DefinitionRule.isSame(accepted, definition);
    }

    /**
     * Notes that what follows is of another definition, if the target fits. The table is held.
     *
     * @throws DefinitionRefusedException if it does not
     */
    void accept(Connection target, TableDefinition definition) throws SQLException {
        TableName table = definition.table();
        TableDefinition onTarget = CatalogDefinitions.ofTarget(target, table)
                .orElseThrow(() -> new IllegalStateException("Table " + table + " is not held"));
        List<AcceptedDefinition> accepted = DefinitionLedger.readAbout(target, table, definition.oid(), onTarget.oid());
        Verdict verdict = DefinitionRule.judge(accepted, definition, onTarget);
        if (verdict instanceof Verdict.Fits fits) {
            requireEarlierRows(target, table, fits.doubtful());
            known.remove(table); // for good: whether the transaction commits is not known here
            TableIdentity.before(accepted, definition)
                    .map(AcceptedDefinition::table)
                    .filter(name -> !name.equals(table))
                    .ifPresent(known::remove);
            CrashPoint.DEFINITION_BEFORE_RECORD.hit();
            DefinitionLedger.replace(target, accepted, TableIdentity.before(accepted, definition), fits.next());
            CrashPoint.DEFINITION_AFTER_RECORD.hit();
        } else if (verdict instanceof Verdict.Unfit unfit) {
            throw DefinitionRefusedException.of(table, unfit);
        }
    }

    private static void requireEarlierRows(Connection target, TableName table, List<ColumnDefinition> columns)
            throws SQLException {
        for (ColumnDefinition column : columns) {
            if (EarlierRows.differ(target, table, column)) {
                throw DefinitionRefusedException.earlierRows(table, column);
            }
        }
    }
}
