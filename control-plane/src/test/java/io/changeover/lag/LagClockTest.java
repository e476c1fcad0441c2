package io.changeover.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class LagClockTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final LagClock clock = new LagClock();

    @Test
    void isNotBehindBeforeTheFirstLook() {
        assertThat(clock.behind(at(0), lsn(0))).isZero();
    }

    @Test
    void isBehindSinceTheOldestLookThatTheTargetHasNotReached() {
        clock.observe(at(0), lsn(100));
        clock.observe(at(1), lsn(200));
        clock.observe(at(2), lsn(300));

        assertThat(clock.behind(at(5), lsn(99))).isEqualTo(Duration.ofSeconds(5));
        assertThat(clock.behind(at(5), lsn(100))).isEqualTo(Duration.ofSeconds(4));
        assertThat(clock.behind(at(5), lsn(299))).isEqualTo(Duration.ofSeconds(3));
        assertThat(clock.behind(at(5), lsn(300))).isZero();
    }

    @Test
    void idleSourceIsNotBehindHoweverLongItIdles() {
        clock.observe(at(0), lsn(100));
        clock.observe(at(60), lsn(100));

        assertThat(clock.behind(at(60), lsn(100))).isZero();
    }

    @Test
    void targetThatStandsStillFallsBehindAndCatchesUp() {
        for (int second = 0; second < 10; second++) {
            clock.observe(at(second), lsn(100 + second));
        }

        assertThat(clock.behind(at(9), lsn(104))).isEqualTo(Duration.ofSeconds(4));
        assertThat(clock.behind(at(9), lsn(109))).isZero();
        clock.observe(at(20), lsn(500));
        assertThat(clock.behind(at(21), lsn(109))).isEqualTo(Duration.ofSeconds(1));
    }

    /** LSNs are unsigned. */
    @Test
    void positionsBeyondHalfOfTheRangeAreGreater() {
        clock.observe(at(0), LogSequenceNumber.valueOf(Long.MIN_VALUE));

        assertThat(clock.behind(at(3), lsn(100))).isEqualTo(Duration.ofSeconds(3));
    }

    private static LogSequenceNumber lsn(long value) {
        return LogSequenceNumber.valueOf(value);
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }
}
