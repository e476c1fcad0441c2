package io.changeover.sink.target;

import io.changeover.postgres.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A table as the target's catalog has it.
 *
 * @param partitioned rows are in its partitions
 * @param columns in order
 * @param keys the primary key first, those that are deferrable last
 */
public record TargetTable(
        TableName name, boolean partitioned, Map<String, TargetColumn> columns, List<UniqueKey> keys) {
    public TargetTable {
        columns = Map.copyOf(columns);
        keys = List.copyOf(keys);
    }

    static Map<String, TargetColumn> byName(List<TargetColumn> columns) {
        return columns.stream().collect(Collectors.toMap(TargetColumn::name, Function.identity()));
    }

    /** A column by the name it has on the source; names are the same on both sides. */
    public Optional<TargetColumn> column(String column) {
        return Optional.ofNullable(columns.get(column));
    }

    /** The best key of which all columns were sent; more may have been. */
    public Optional<UniqueKey> keyWithin(List<String> sent) {
        return keys.stream()
                .filter(key -> key.parts().stream().allMatch(part -> sent.contains(part.column())))
                .findFirst();
    }

    /** Whether nothing tells its rows apart at every moment. */
    public boolean isKeyless() {
        return keys.stream().noneMatch(UniqueKey::isImmediate);
    }

    /** The table for update, delete and truncate: without the children it has by inheritance. */
    public String quotedOnly() {
        return partitioned ? name.quoted() : "only " + name.quoted();
    }
}
