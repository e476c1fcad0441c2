package io.changeover.verify.live;

import io.changeover.postgres.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a table is compared.
 *
 * @param name on both sides
 * @param source what the source is asked
 * @param target what the target is asked
 * @param columns the names of the source's columns
 * @param rows how many the source's statistics say, perhaps 0
 * @param bytes of it on the source
 * @param shape a sum of what both catalogs say, and of the files that hold the rows: what was found of another one says
 *     nothing of this one
 * @param disagreement columns that only one side has; then there is nothing to compare
 */
record ComparedTable(
        TableName name,
        TableSql source,
        TableSql target,
        Set<String> columns,
        long rows,
        long bytes,
        String shape,
        Optional<String> disagreement) {

    ComparedTable {
        columns = Set.copyOf(columns);
    }

    /** The names of its key's columns; empty if nothing names a row. */
    List<String> key() {
        return source.key().stream().map(TableSql.KeyColumn::name).toList();
    }

    boolean hasKey() {
        return !source.key().isEmpty();
    }
}
