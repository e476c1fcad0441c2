package io.changeover.verify.live;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Hands out the ranges of a table, one after another; knows when all of them are done. Not thread-safe. */
final class TableWalk {

    /** A few hundredths of a second for a narrow row, and few enough to name all of them. */
    static final int ROWS = 50_000;

    private final TableTrack track;
    private final ComparedTable table;
    private final int generation;
    private List<String> after = List.of();
    private boolean exhausted;
    private int outstanding;

    TableWalk(TableTrack track, ComparedTable table, int generation) {
        this.track = track;
        this.table = table;
        this.generation = generation;
    }

    TableTrack track() {
        return track;
    }

    ComparedTable table() {
        return table;
    }

    int generation() {
        return generation;
    }

    /** The next range; empty if there is none, or no point in going on. */
    Optional<Slice> next(Connection source) throws SQLException {
        if (exhausted || !track.goesOn(generation)) {
            exhausted = true;
            return Optional.empty();
        }
        Slice slice = Slice.ALL;
        if (table.source().isOrdered()) {
            List<String> upTo =
                    new RowReader(source, table.source()).boundary(after, ROWS).orElse(List.of());
            slice = new Slice(after, upTo);
            after = upTo;
        }
        exhausted = slice.upTo().isEmpty();
        outstanding++;
        return Optional.of(slice);
    }

    /** A range is done; whether it was the last one. */
    boolean done() {
        outstanding--;
        return exhausted && outstanding == 0;
    }
}
