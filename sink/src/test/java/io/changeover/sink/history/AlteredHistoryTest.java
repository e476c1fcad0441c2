package io.changeover.sink.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * However a source is altered while it is followed: the target is equal in the end, or the stream stands with a reason.
 */
class AlteredHistoryTest {

    @Test
    @Timeout(300)
    void theTargetIsNeverDifferentWithoutAWord() throws Exception {
        assertThat(run(IntStream.range(0, 4)))
                .as("histories that came to their end")
                .isPositive();
    }

    @Test
    @Tag("faults")
    @Timeout(3600)
    void theTargetIsNeverDifferentWithoutAWordOverManyHistories() throws Exception {
        int first = Integer.getInteger("history.seed", 1000);
        int count = Integer.getInteger("history.seeds", 300);
        run(IntStream.range(first, first + count));
    }

    private static int run(IntStream seeds) throws Exception {
        int ended = 0;
        try (HistoryServers servers = HistoryServers.start(17)) {
            for (int seed : seeds.toArray()) {
                ended += new AlteredHistory(servers, seed).run() ? 1 : 0;
            }
        }
        return ended;
    }
}
