package io.changeover.verify.live;

import io.changeover.spec.VerificationMode;
import io.changeover.verify.TableDigest;
import io.changeover.verify.live.TableVerification.State;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares what is open at the fence, while nobody writes on either side and everything is applied. */
final class StillComparison {

    private static final Logger LOG = LoggerFactory.getLogger(StillComparison.class);

    /** A table without a key of up to so many bytes is read, if it has changed. */
    private static final long SMALL_BYTES = 64L << 20;

    private final String name;
    private final Sides sides;
    private final int keysAtOnce;
    private final Clock clock;

    StillComparison(String name, Sides sides, int keysAtOnce, Clock clock) {
        this.name = name;
        this.sides = sides;
        this.keysAtOnce = keysAtOnce;
        this.clock = clock;
    }

    /**
     * Compares.
     *
     * @param before what could not be done before, a sentence each
     * @param deadline of {@link System#nanoTime}; what is still open then is unfinished
     */
    AtFence compare(Collection<TableTrack> tracks, List<String> before, long deadline)
            throws SQLException, InterruptedException {
        long began = System.nanoTime();
        tracks.forEach(TableTrack::askMismatchesAgain);
        long rows = 0;
        Round round = new Round(sides, keysAtOnce);
        int count = round.askStill(tracks);
        while (count > 0 && System.nanoTime() < deadline) {
            rows += count;
            count = round.askStill(tracks);
        }
        rows += count;
        long rowsAt = System.nanoTime();
        List<String> unfinished = new ArrayList<>(before);
        long open = tracks.stream().mapToLong(TableTrack::open).sum();
        if (open > 0) {
            unfinished.add(open + " rows that changed of late could not be compared");
        }
        compareSmallOnes(tracks, deadline);
        LOG.info(
                "{}: at the fence {} rows were compared in {} ms, tables without a key in {} ms",
                name,
                rows,
                Duration.ofNanos(rowsAt - began).toMillis(),
                Duration.ofNanos(System.nanoTime() - rowsAt).toMillis());
        List<TableVerification> found = tracks.stream().map(TableTrack::view).toList();
        unfinished.addAll(Problems.of(VerificationMode.REQUIRED, name, true, found).stream()
                .filter(problem -> !problem.startsWith("CO-2085"))
                .toList());
        return new AtFence(rows, Problems.differences(name, found), unfinished);
    }

    private void compareSmallOnes(Collection<TableTrack> tracks, long deadline)
            throws SQLException, InterruptedException {
        for (TableTrack track : tracks) {
            ComparedTable shape = track.shape().orElse(null);
            boolean isOpen = track.state() == State.WAITING
                    || track.state() == State.LEFT_TO_COMPARISON
                    || track.hasChangedSince();
            if (shape != null && isOpen && shape.bytes() <= SMALL_BYTES && System.nanoTime() < deadline) {
                Sides.Both<TableDigest> whole = new SliceCheck(shape, sides).whole();
                boolean equal = whole.source().equals(whole.target());
                track.still(whole.source().rows(), equal ? State.VERIFIED : State.DIFFERENT, clock.instant());
            }
        }
    }
}
