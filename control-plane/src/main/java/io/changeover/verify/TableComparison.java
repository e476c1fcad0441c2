package io.changeover.verify;

import io.changeover.postgres.TableName;
import java.util.Optional;

/**
 * What comparing one table gave.
 *
 * @param table which
 * @param materializedView a materialized view holds what its last REFRESH saw, which may be long ago on the source: a
 *     difference there is no lost change
 * @param sourceRows at the source's snapshot; 0 if not compared
 * @param targetRows at the target's snapshot; 0 if not compared
 * @param verdict the result
 * @param sums of the rows on both sides; empty if not compared
 * @param note why, where rows alone do not say it
 */
public record TableComparison(
        TableName table,
        boolean materializedView,
        long sourceRows,
        long targetRows,
        Verdict verdict,
        Optional<Sums> sums,
        Optional<String> note) {

    /** The sums of {@link TableDigest}. */
    public record Sums(String source, String target) {}

    /** What can come of it. */
    public enum Verdict {
        /** Every row is the same. */
        EQUAL,
        /** Some row, the number of rows or the columns differ. */
        DIFFERENT,
        /** Not compared, and {@link TableComparison#note()} says why. */
        EXCLUDED
    }

    /** Whether every row was compared and is the same. */
    public boolean equal() {
        return verdict == Verdict.EQUAL;
    }
}
