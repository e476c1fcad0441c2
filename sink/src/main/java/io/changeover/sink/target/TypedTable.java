package io.changeover.sink.target;

import java.util.Map;
import java.util.Optional;

/**
 * A table of the target with what its columns' types are at bottom, which somebody else's values need.
 *
 * @param types by column
 */
public record TypedTable(TargetTable table, Map<String, TargetType> types) {
    public TypedTable {
        types = Map.copyOf(types);
    }

    /** Empty if there is no such column. */
    public Optional<TargetType> type(String column) {
        return Optional.ofNullable(types.get(column));
    }
}
