package io.changeover.verify.live;

import java.util.List;
import java.util.SortedMap;

/**
 * A table as the catalog of one side has it.
 *
 * @param columns by name
 * @param key names of the columns that name a row in the stream of changes and in the table; empty if none do
 * @param indexes the leading columns of its B-tree indexes that hold every row
 * @param rows as the statistics say
 * @param bytes on disk
 * @param major of the server
 * @param encoding of the database
 * @param file that holds its rows: another one when they were all written anew
 */
record TableSide(
        SortedMap<String, Column> columns,
        List<String> key,
        List<List<String>> indexes,
        long rows,
        long bytes,
        int major,
        String encoding,
        long file) {

    /**
     * A column.
     *
     * @param name its type's name
     * @param builtIn whether the type is PostgreSQL's own
     * @param send the type's function for the binary form
     * @param type as SQL writes it, without a length
     * @param modifier its type's length, precision and the like as the catalog has it; negative if it has none
     * @param bytewise whether its texts are ordered by their bytes
     */
    record Column(String name, boolean builtIn, String send, String type, int modifier, boolean bytewise) {

        /** Whether it has a length. */
        boolean limited() {
            return modifier >= 0;
        }
    }

    /** What a comparison rests on, in words; statistics are no part of it. */
    String shape() {
        return columns + " " + key + " " + encoding + " " + file;
    }

    /** Whether an index begins with these columns, in this order. */
    boolean hasIndex(List<String> leading) {
        return indexes.stream()
                .anyMatch(index -> index.size() >= leading.size()
                        && index.subList(0, leading.size()).equals(leading));
    }
}
