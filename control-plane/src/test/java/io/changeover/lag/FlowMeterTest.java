package io.changeover.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class FlowMeterTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration FAR = Duration.ofMinutes(2);

    private final FlowMeter meter = new FlowMeter();
    private Flow flow = Flow.NONE;

    @Test
    void restIsTheDistanceAtTheSpeedWithWhichItShrinks() {
        for (int second = 0; second <= 20; second++) { // 100 bytes a second against 40
            look(second, 50L * second, 1000 - 20L * second, 10_000 + 40L * second, 1000 + 100L * second, FAR);
        }

        assertThat(flow.capturedPerSecond()).isEqualTo(30);
        assertThat(flow.appliedPerSecond()).isEqualTo(50);
        assertThat(flow.rest()).contains(Duration.ofSeconds((10_800 - 3000) / 60));
    }

    @Test
    void targetThatFallsBackIsNeverThere() {
        for (int second = 0; second <= 20; second++) {
            look(second, 50L * second, 60L * second, 10_000 + 100L * second, 1000 + 40L * second, FAR);
        }

        assertThat(flow.rest()).isEmpty();
    }

    @Test
    void targetThatStandsIsNeverThere() {
        look(0, 5, 100, 10_000, 1000, FAR);
        look(1, 5, 100, 10_000, 1000, FAR);

        assertThat(flow.rest()).isEmpty();
    }

    @Test
    void targetThatFollowsIsThereInTheTimeThatItIsBehind() {
        look(0, 5, 3, 10_000, 9000, Duration.ofMillis(300));
        assertThat(flow.rest()).contains(Duration.ofMillis(300));
        look(1, 8, 0, 10_000, 10_000, Duration.ZERO);
        assertThat(flow.rest()).contains(Duration.ZERO);
    }

    private void look(int second, long applied, long pending, long source, long target, Duration behind) {
        flow = meter.look(
                START.plusSeconds(second),
                applied,
                pending,
                LogSequenceNumber.valueOf(source),
                LogSequenceNumber.valueOf(target),
                behind);
    }
}
