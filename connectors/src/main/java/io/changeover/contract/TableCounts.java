package io.changeover.contract;

import io.changeover.postgres.TableName;

/**
 * Changes of one table, in rows; truncates in statements.
 *
 * @param inserts rows inserted
 * @param updates rows updated, a changed key among them
 * @param deletes rows deleted
 * @param truncates times the table was truncated
 */
public record TableCounts(TableName table, long inserts, long updates, long deletes, long truncates) {

    /** Nothing has changed. */
    public static TableCounts none(TableName table) {
        return new TableCounts(table, 0, 0, 0, 0);
    }

    /** These and those of the same table together. */
    public TableCounts plus(TableCounts other) {
        return new TableCounts(
                table,
                inserts + other.inserts,
                updates + other.updates,
                deletes + other.deletes,
                truncates + other.truncates);
    }

    /** All changes, of whatever kind. */
    public long changes() {
        return inserts + updates + deletes + truncates;
    }
}
