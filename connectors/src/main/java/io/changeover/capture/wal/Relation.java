package io.changeover.capture.wal;

import io.changeover.contract.Marker;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table as the stream describes it before its first change, and again when it was altered.
 *
 * @param columns all its columns, in the order of its tuples
 * @param key the positions of those that are its replica identity; all of them if that is FULL
 * @param keyColumns their names
 */
public record Relation(TableName table, List<String> columns, List<Integer> key, List<String> keyColumns) {

    public Relation {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        keyColumns = List.copyOf(keyColumns);
    }

    /**
     * Describes a table.
     *
     * @param key for every column whether it belongs to the replica identity
     */
    public static Relation of(TableName table, List<String> columns, boolean[] key) {
        List<Integer> positions =
                IntStream.range(0, key.length).filter(i -> key[i]).boxed().toList();
        return new Relation(
                table, columns, positions, positions.stream().map(columns::get).toList());
    }

    /** Markers and heartbeats of a server whose stream has no messages. */
    boolean isMarker() {
        return table.equals(Marker.TABLE);
    }

    /** The names of the columns at these positions, in order; the same list for the same columns where possible. */
    List<String> names(int[] positions, int count) {
        if (count == columns.size()) {
            return columns;
        }
        if (count == key.size() && IntStream.range(0, count).allMatch(i -> key.get(i) == positions[i])) {
            return keyColumns;
        }
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(columns.get(positions[i]));
        }
        return List.copyOf(names);
    }
}
