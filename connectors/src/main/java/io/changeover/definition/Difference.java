package io.changeover.definition;

import java.util.Optional;

/**
 * What a table of the target does not have as the source's definition asks for.
 *
 * @param column of the source, as it is called now
 * @param words a sentence for the operator, without values of rows
 * @param statement that mends it on the target, if one is known
 */
public record Difference(Kind kind, String column, String words, Optional<String> statement) {

    /** Kinds of differences. */
    public enum Kind {
        /** A new column, which the target does not have, with the same in all earlier rows. */
        ADDED,
        /** Rows that were there have values in it that the stream does not bring: the table has to be loaded again. */
        REWRITTEN,
        /** The target's column has the old name. */
        RENAMED,
        /** The target's column is of another type. */
        RETYPED,
        /** What the target calls so is another column than the one that has the values. */
        REPLACED,
        /** What the source or the target calls so is another table. */
        OTHER_TABLE,
        /** The target does not have a column that it had. */
        MISSING,
        /** What was done cannot be told for certain: the table has to be loaded again. */
        UNCLEAR
    }
}
