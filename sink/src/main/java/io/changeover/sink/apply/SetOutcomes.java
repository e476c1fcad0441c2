package io.changeover.sink.apply;

import io.changeover.postgres.TableName;
import java.util.HashMap;
import java.util.Map;

/**
 * How many sets the server took and refused, and what follows: a table of which it has refused one is written in order
 * for a while, twice as long after every refusal and half as long after every set that was taken. So a table whose
 * changes always collide costs a second try now and then, and one where that was an accident is soon written in sets
 * again.
 *
 * <p>That is learnt and not read from the catalog: a source sends all columns of a changed row, unique ones too, and
 * they are mostly as they were. To keep every table with a second unique index out of sets would be too much. Not
 * thread-safe.
 */
final class SetOutcomes {

    /** In flushes of a table. */
    private static final int LONGEST_REST = 64;

    private static final class Refused {
        private int rest = 1;
        private int left = 1;
    }

    private final Map<TableName, Refused> tables = new HashMap<>();
    private long takenCount;
    private long refusedCount;

    /** Tables' changes that were written as sets. */
    long takenCount() {
        return takenCount;
    }

    /** Tables' changes that were to be written as sets, and had to be written in order. */
    long refusedCount() {
        return refusedCount;
    }

    /** Whether the table was refused before, so that a set of it should not be written without a savepoint. */
    boolean isDoubtful(TableName table) {
        return tables.containsKey(table);
    }

    /** Whether this flush of the table is to be written in order; the next one is a step nearer to being a set. */
    boolean rests(TableName table) {
        Refused refused = tables.get(table);
        if (refused == null || refused.left == 0) {
            return false;
        }
        refused.left--;
        return true;
    }

    void refused(TableName table) {
        refusedCount++;
        Refused known = tables.get(table);
        if (known == null) {
            tables.put(table, new Refused());
        } else {
            known.rest = Math.min(2 * known.rest, LONGEST_REST);
            known.left = known.rest;
        }
    }

    void taken(TableName table) {
        takenCount++;
        Refused known = tables.get(table);
        if (known != null) {
            known.rest = Math.max(1, known.rest / 2);
        }
    }
}
