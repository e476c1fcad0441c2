package io.changeover.verify.live;

import io.changeover.postgres.TableName;
import io.changeover.verify.DatabasePair;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Verifies all tables of a pair between whose databases nothing flows: what was not the same is asked until it settles.
 */
final class Checked {

    private static final int ROUNDS = 5;

    private Checked() {}

    /** A stream in which everything arrives at once. */
    static final class Still implements Marks {
        @Override
        public LogSequenceNumber pass(Duration patience) {
            return LogSequenceNumber.INVALID_LSN;
        }

        @Override
        public void close() {}
    }

    static List<TableVerification> verify(DatabasePair pair) throws Exception {
        try (Sides sides = new Sides(pair.source(), pair.target())) {
            List<TableTrack> tracks = new ArrayList<>();
            try (Pass pass =
                    new Pass(pair.source(), pair.target(), Still::new, patience -> true, 100, Clock.systemUTC())) {
                List<TableWalk> walks = walks(sides);
                walks.forEach(walk -> tracks.add(walk.track()));
                pass.start(walks, 2);
                pass.awaitEnd();
            }
            Round round = new Round(sides, 1_000);
            for (int i = 0; i < ROUNDS; i++) {
                round.ask(tracks, new Still());
            }
            return tracks.stream().map(TableTrack::view).toList();
        }
    }

    static List<TableWalk> walks(Sides sides) throws Exception {
        Sides.Both<SortedMap<TableName, TableSide>> catalogs = sides.both(CatalogReader::read, CatalogReader::read);
        List<TableWalk> walks = new ArrayList<>();
        for (TableName table : catalogs.source().keySet()) {
            ComparedTable shape = ComparisonRules.decide(
                    table, catalogs.source().get(table), catalogs.target().get(table));
            TableTrack track = new TableTrack(table);
            walks.add(new TableWalk(track, shape, track.restart(shape)));
        }
        return walks;
    }
}
