package io.changeover.migration;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the statistics of a source said when nobody could write to it any more.
 *
 * @param files changes when a table is truncated, rewritten, made or dropped
 * @param rollbacks transactions of the database that were rolled back until then
 * @param rows that were inserted, updated and deleted until then, by table; of tables that were never written to none
 */
public record SourceCounts(Instant at, long files, long rollbacks, Map<String, Long> rows) {

    public SourceCounts {
        rows = new TreeMap<>(rows);
    }

    @Override
    public Map<String, Long> rows() {
        return new TreeMap<>(rows);
    }
}
