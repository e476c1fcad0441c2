package io.changeover.sink.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tables are loaded while transactions change them, whole or in parts; loaders lose their sessions and begin again, and
 * servers are killed. Then the stream is applied from its beginning, and some tables are loaded again meanwhile: the
 * target comes to the same rows.
 */
class LoadedHistoryTest {

    @Test
    @Timeout(600)
    void theTargetComesToTheSameRows() throws Exception {
        load(IntStream.of(0));
    }

    @Test
    @Tag("faults")
    @Timeout(3600)
    void soItDoesManyTimes() throws Exception {
        int first = Integer.getInteger("history.seed", 100);
        int began = load(IntStream.range(first, first + Integer.getInteger("history.seeds", 10)));

        assertThat(began).as("tables that began again").isPositive();
    }

    /** How many tables began again. */
    private static int load(IntStream seeds) throws Exception {
        int lost = 0;
        int again = 0;
        int crashes = 0;
        try (HistoryServers servers = HistoryServers.start(17)) {
            for (int seed : seeds.toArray()) {
                LoadedHistory history = new LoadedHistory(servers, seed);
                history.run();
                assertThat(history.replays()).as("replays of seed " + seed).isPositive();
                lost += history.lostLoaders();
                crashes += history.crashes();
                again += history.tablesThatBeganAgain();
            }
        }
        assertThat(lost).as("loaders that lost their sessions").isPositive();
        assertThat(crashes).as("servers that were killed").isPositive();
        return again;
    }
}
