package io.changeover.contract;

import io.changeover.postgres.TableName;
import java.util.List;

/**
 * A table of the source as its changes are sent: without generated columns.
 *
 * @param oid of the table, the same as long as it lives, whatever it is called; 0 if that is not known
 * @param columns in the order of the catalog
 */
public record TableDefinition(TableName table, long oid, List<ColumnDefinition> columns) {
    public TableDefinition {
        columns = List.copyOf(columns);
    }
}
