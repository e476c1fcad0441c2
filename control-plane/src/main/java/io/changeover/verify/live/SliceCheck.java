package io.changeover.verify.live;

import io.changeover.verify.TableDigest;
import io.changeover.verify.live.Sides.Both;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Compares a part of a table, and where it is not the same, names the rows: they may differ, or be on their way. */
final class SliceCheck {

    /** At a time; each time reads the whole table once more. */
    private static final int LISTED_BUCKETS = 4_000;

    /** So many are asked again before more are listed. */
    private static final int MOST_DOUBTFUL = 20_000;

    private final ComparedTable table;
    private final Sides sides;

    SliceCheck(ComparedTable table, Sides sides) {
        this.table = table;
        this.sides = sides;
    }

    /**
     * What was found.
     *
     * @param rows of the source
     * @param parts into how many parts the rows were divided
     * @param doubtful keys of rows that were not the same
     * @param isComplete whether all of those are named
     */
    record Found(long rows, long parts, Collection<RowKey> doubtful, boolean isComplete) {}

    /** Compares a range of keys. */
    Found slice(Slice slice) throws SQLException, InterruptedException {
        Both<TableDigest> sums = sides.both(
                from -> new RowReader(from, table.source()).digest(slice),
                to -> new RowReader(to, table.target()).digest(slice));
        if (sums.source().equals(sums.target())) {
            return new Found(sums.source().rows(), 1, List.of(), true);
        }
        Both<Map<RowKey, String>> rows = sides.both(
                from -> new RowReader(from, table.source()).list(slice),
                to -> new RowReader(to, table.target()).list(slice));
        return new Found(sums.source().rows(), 1, different(rows), true);
    }

    /** Compares all rows by buckets of their keys. */
    Found buckets(Buckets buckets) throws SQLException, InterruptedException {
        Both<Map<Integer, TableDigest>> sums = sides.both(
                from -> new RowReader(from, table.source()).buckets(buckets),
                to -> new RowReader(to, table.target()).buckets(buckets));
        List<Integer> differing = new ArrayList<>(different(sums));
        Set<RowKey> doubtful = new HashSet<>();
        int first = 0;
        for (; first < differing.size() && doubtful.size() < MOST_DOUBTFUL; first += LISTED_BUCKETS) {
            List<Integer> some = differing.subList(first, Math.min(differing.size(), first + LISTED_BUCKETS));
            Both<Map<RowKey, String>> rows = sides.both(
                    from -> new RowReader(from, table.source()).list(buckets, some),
                    to -> new RowReader(to, table.target()).list(buckets, some));
            doubtful.addAll(different(rows));
        }
        long rows = sums.source().values().stream().mapToLong(TableDigest::rows).sum();
        return new Found(rows, buckets.count(), doubtful, first >= differing.size());
    }

    /** Compares all rows of a table without a key, as they are on both sides now. */
    Both<TableDigest> whole() throws SQLException, InterruptedException {
        return sides.both(
                from -> new RowReader(from, table.source()).digest(Slice.ALL),
                to -> new RowReader(to, table.target()).digest(Slice.ALL));
    }

    private static <K, V> Set<K> different(Both<Map<K, V>> both) {
        Set<K> keys = new HashSet<>();
        both.source().forEach((key, value) -> {
            if (!Objects.equals(value, both.target().get(key))) {
                keys.add(key);
            }
        });
        both.target().keySet().stream()
                .filter(key -> !both.source().containsKey(key))
                .forEach(keys::add);
        return keys;
    }
}
