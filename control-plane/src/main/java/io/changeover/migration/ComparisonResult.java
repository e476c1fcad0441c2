package io.changeover.migration;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the comparison of both sides found.
 *
 * @param atTheFence whether both sides were compared as they were at the fence; false if it had to be done later
 * @param tables table by table
 * @param differences everything else that differs: definitions, sequences; empty if all is equal
 * @param notCompared what has no rows to compare, and why: unlogged tables, materialized views
 * @param millis how long it took
 */
public record ComparisonResult(
        boolean atTheFence, List<Table> tables, List<String> differences, List<String> notCompared, long millis) {

    public ComparisonResult {
        tables = List.copyOf(tables);
        differences = List.copyOf(differences);
        notCompared = List.copyOf(notCompared);
    }

    /** Whether every row of every table, and everything else, is equal. */
    public boolean equal() {
        return differences.isEmpty() && tables.stream().allMatch(Table::equal);
    }

    /**
     * A table on both sides.
     *
     * @param digests empty if its rows were not read on both sides, or by a version that did not keep them
     */
    public record Table(String table, long sourceRows, long targetRows, boolean equal, Optional<Digests> digests) {

        public Table {
            digests = Objects.requireNonNullElse(digests, Optional.empty());
        }

        /** Without digests. */
        public Table(String table, long sourceRows, long targetRows, boolean equal) {
            this(table, sourceRows, targetRows, equal, Optional.empty());
        }
    }

    /** The contents of a table on each side: the sum of its rows' SHA-256 modulo 2<sup>256</sup>, in hexadecimal. */
    public record Digests(String source, String target) {}
}
