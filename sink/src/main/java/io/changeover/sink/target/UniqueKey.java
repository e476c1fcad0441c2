package io.changeover.sink.target;

import java.util.List;
import java.util.stream.Stream;

/**
 * Columns that name one row, none of them NULL: the primary key or a unique index.
 *
 * @param isImmediate checked row by row; the other ones, which are deferrable, may name two rows inside a transaction
 */
public record UniqueKey(List<Part> parts, boolean isImmediate) {

    /** No columns: nothing tells rows apart. */
    public static final UniqueKey NONE = new UniqueKey(List.of(), true);

    public UniqueKey {
        parts = List.copyOf(parts);
    }

    /** The names of its columns, in the index's order. */
    public List<String> columns() {
        return parts.stream().map(Part::column).toList();
    }

    /** This key with the columns of another part of it behind its own. */
    UniqueKey plus(UniqueKey rest) {
        return new UniqueKey(Stream.concat(parts.stream(), rest.parts.stream()).toList(), isImmediate);
    }

    /**
     * A column of the key.
     *
     * @param equality the index's equality operator with its schema, as in {@code operator(pg_catalog.=)}: by its name
     *     alone a type of an extension would find another one, or none, on our search path
     */
    public record Part(String column, String equality) {}
}
