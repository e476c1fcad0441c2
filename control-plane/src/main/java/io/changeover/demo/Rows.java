package io.changeover.demo;

import io.changeover.postgres.TableName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many rows the sample database has.
 *
 * @param byTable the rows of each table, a partitioned table with all its partitions
 */
public record Rows(SortedMap<TableName, Long> byTable) {

    public Rows {
        byTable = Collections.unmodifiableSortedMap(new TreeMap<>(byTable));
    }

    /** The rows of all tables. */
    public long total() {
        return byTable.values().stream().mapToLong(Long::longValue).sum();
    }
}
