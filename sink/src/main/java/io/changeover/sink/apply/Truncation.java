package io.changeover.sink.apply;

import io.changeover.postgres.TableName;
import io.changeover.sink.target.TargetTable;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How to empty tables that the source truncated together. Identity columns and sequences go on counting: sequences are
 * set at the cutover.
 */
public final class Truncation {

    private Truncation() {}

    /**
     * One truncate of all; the server refuses it if a table outside has a foreign key to one of them, empty or not.
     * Then, as when a table of the group was left out because its copy is newer than the truncate, they are deleted.
     *
     * @param referencing tables with a foreign key to one of them
     */
    public static List<String> statements(Collection<TargetTable> tables, Set<TableName> referencing) {
        Set<TableName> names = tables.stream().map(TargetTable::name).collect(Collectors.toSet());
        return names.containsAll(referencing)
                ? List.of("truncate table "
                        + tables.stream().map(TargetTable::quotedOnly).collect(Collectors.joining(", ")))
                : tables.stream()
                        .map(table -> "delete from " + table.quotedOnly())
                        .toList();
    }
}
