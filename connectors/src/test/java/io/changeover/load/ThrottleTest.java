package io.changeover.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private long limit = 1000;
    private long now = 5;

    private final Throttle throttle = new Throttle(() -> limit, () -> now);

    @Test
    void bytesTakeTheTimeThatTheyMay() {
        assertThat(throttle.pass(500)).isEqualTo(millis(500));
        now += millis(500);
        assertThat(throttle.pass(100)).isEqualTo(millis(100));
        now += millis(300);
        assertThat(throttle.pass(250)).as("200 ms were lost").isEqualTo(millis(50));
    }

    @Test
    void withoutALimitNothingWaits() {
        limit = 0;

        assertThat(throttle.pass(Long.MAX_VALUE / 2)).isZero();
    }

    @Test
    void anotherLimitCountsFromNowOn() {
        assertThat(throttle.pass(10_000)).isEqualTo(millis(10_000));
        limit = 100;
        assertThat(throttle.pass(10)).isEqualTo(millis(100));
        limit = 0;
        assertThat(throttle.pass(1 << 30)).isZero();
    }

    @Test
    void aPauseIsNotMadeUpFor() {
        throttle.pass(100);
        now += millis(60_000);

        assertThat(throttle.pass(100)).isZero();
        assertThat(throttle.pass(500)).isEqualTo(millis(500));
    }

    private static long millis(long number) {
        return TimeUnit.MILLISECONDS.toNanos(number);
    }
}
