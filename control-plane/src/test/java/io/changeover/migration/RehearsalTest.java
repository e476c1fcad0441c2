package io.changeover.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    @Test
    void ofFewRunsTheLongestCounts() {
        Rehearsal rehearsal =
                Rehearsal.of(Instant.EPOCH, List.of(run(10, 5), run(30, 1), run(20, 2)), Map.of("fence", "estimated"));

        assertThat(rehearsal.runs()).isEqualTo(3);
        assertThat(rehearsal.freezeP50()).isEqualTo(22);
        assertThat(rehearsal.freezeP95()).isEqualTo(31);
        assertThat(rehearsal.phases())
                .containsExactly(
                        new Rehearsal.Phase("fence", 20, 30, "estimated"),
                        new Rehearsal.Phase("drain", 2, 5, "measured"));
    }

    @Test
    void ofManyRunsFiveOfAHundredMayBeLonger() {
        assertThat(Rehearsal.percentile(LongStream.rangeClosed(1, 100).boxed().toList(), 95))
                .isEqualTo(95);
    }

    private static List<CutoverResult.Phase> run(long fence, long drain) {
        return List.of(new CutoverResult.Phase("fence", fence), new CutoverResult.Phase("drain", drain));
    }
}
