package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * Which tables of a database are migrated, by {@link TablePattern}s. A partition goes with the table that it is a part
 * of, an inheritance child by itself.
 *
 * @param include those that are, none for all
 * @param exclude those of them that are not
 * @param structureOnly those of them whose definition is copied and whose rows are not
 * @param rowsOnly those of them whose rows are copied into a table that is on the target already
 */
public record TableSelection(
        List<String> include, List<String> exclude, List<String> structureOnly, List<String> rowsOnly) {

    /** Every table. */
    public static final TableSelection ALL = new TableSelection(List.of(), List.of(), List.of(), List.of());

    public TableSelection {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        structureOnly = List.copyOf(structureOnly);
        rowsOnly = List.copyOf(rowsOnly);
    }

    /** Whether nothing is left out. */
    @JsonIgnore
    public boolean isAll() {
        return equals(ALL);
    }
}
