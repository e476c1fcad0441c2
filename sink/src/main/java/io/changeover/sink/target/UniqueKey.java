package io.changeover.sink.target;

import java.util.List;

/**
 * Columns that name one row, none of them NULL: the primary key or a unique index.
 *
 * @param immediate whether they name one row at every moment; a deferrable key may name several before the commit
 */
public record UniqueKey(List<Part> parts, boolean immediate) {
    public UniqueKey {
        parts = List.copyOf(parts);
    }

    /**
     * A column of the key.
     *
     * @param equality the index's equality operator with its schema, as in {@code operator(pg_catalog.=)}: by its name
     *     alone a type of an extension would find another one, or none, on our search path
     */
    public record Part(String column, String equality) {}
}
