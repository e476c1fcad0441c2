package io.changeover.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Rate rate = new Rate();

    @Test
    void onlyTheLastSecondsCount() {
        for (int second = 0; second <= 30; second++) {
            rate.look(START.plusSeconds(second), second <= 15 ? 0 : (second - 15) * 100L);
        }

        assertThat(rate.perSecond()).isEqualTo(100);
        assertThat(rate.timeFor(500)).contains(Duration.ofSeconds(5));
        assertThat(rate.timeFor(-3)).contains(Duration.ZERO);
    }

    @Test
    void nothingIsSaidOfWhatDoesNotMove() {
        assertThat(rate.perSecond()).isZero();
        rate.look(START, 100);
        assertThat(rate.timeFor(5)).isEmpty();
        rate.look(START.plusSeconds(1), 100);
        assertThat(rate.perSecond()).isZero();
        assertThat(rate.timeFor(5)).isEmpty();
    }

    @Test
    void whatBeginsAgainIsMeasuredFromThere() {
        rate.look(START, 1_000_000);
        rate.look(START.plusSeconds(1), 0);
        rate.look(START.plusSeconds(2), 10);

        assertThat(rate.perSecond()).isEqualTo(10);
    }

    @Test
    void twoLooksAtOneMomentSayNothing() {
        rate.look(START, 1);
        rate.look(START, 5);

        assertThat(rate.perSecond()).isZero();
    }
}
