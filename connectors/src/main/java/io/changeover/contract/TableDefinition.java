package io.changeover.contract;

import io.changeover.postgres.TableName;
import java.util.List;

/**
 * A table of the source as its changes are sent: without generated columns.
 *
 * @param columns in the order of the catalog
 */
public record TableDefinition(TableName table, List<ColumnDefinition> columns) {
    public TableDefinition {
        columns = List.copyOf(columns);
    }
}
