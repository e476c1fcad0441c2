package io.changeover.sink.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a source does, and however it is cut into records, groups and pieces: the target comes to the same rows. */
class RandomHistoryTest {

    @Test
    @Timeout(600)
    void theTargetComesToTheSameRows() throws Exception {
        apply(17, IntStream.range(0, 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17, 18})
    @Tag("faults")
    @Timeout(3600)
    void targetsOfEveryVersionComeToTheSameRows(int major) throws Exception {
        int first = Integer.getInteger("history.seed", 1000 * major);
        apply(major, IntStream.range(first, first + Integer.getInteger("history.seeds", 40)));
    }

    private static void apply(int major, IntStream seeds) throws Exception {
        long written = 0;
        long refused = 0;
        try (HistoryServers servers = HistoryServers.start(major)) {
            for (int seed : seeds.toArray()) {
                History history = new History(servers, seed);
                history.run();
                written += history.writtenSets();
                refused += history.refusedSets();
            }
        }
        assertThat(written).as("sets that the server took").isGreaterThan(30);
        assertThat(refused).as("sets that it refused").isBetween(1L, written);
    }
}
