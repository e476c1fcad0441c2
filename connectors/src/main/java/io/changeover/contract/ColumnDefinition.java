package io.changeover.contract;

/**
 * A column of a table of the source.
 *
 * @param number in the catalog, the same as long as the column lives and never another one's; 0 if the catalog did not
 *     know the column any more
 * @param type as the source's server writes it, with its schema unless that is {@code pg_catalog}
 * @param key whether it belongs to the replica identity
 * @param earlier what rows have in it that were there before it was added
 * @param value of these rows if they have a {@link Earlier#CONSTANT}; otherwise empty
 */
public record ColumnDefinition(int number, String name, String type, boolean key, Earlier earlier, String value) {

    /** What a row has in a column that was added after it, and of which the stream says nothing. */
    public enum Earlier {
        /** Nothing: the column has no default. */
        NULL,
        /** The same constant as all the others. */
        CONSTANT,
        /** Perhaps something of its own: the server has written the rows anew. Or it is not known. */
        UNKNOWN
    }

    /** Whether name, type and number are the same. */
    public boolean isSame(ColumnDefinition other) {
        return number == other.number && name.equals(other.name) && type.equals(other.type);
    }
}
