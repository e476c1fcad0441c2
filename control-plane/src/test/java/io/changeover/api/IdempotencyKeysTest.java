package io.changeover.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.api.IdempotencyKeys.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class IdempotencyKeysTest {

    private final Hand clock = new Hand();
    private final IdempotencyKeys<String> keys = new IdempotencyKeys<>(3, clock);

    @Test
    void sameRequestGetsTheSameAnswer() {
        assertThat(keys.begin("k", "a")).isEqualTo(new Verdict.First<>());
        assertThat(keys.begin("k", "a")).isEqualTo(new Verdict.UnderWay<>());
        keys.answered("k", "done");

        assertThat(keys.begin("k", "a")).isEqualTo(new Verdict.Again<>("done"));
        assertThat(keys.begin("k", "b")).isEqualTo(new Verdict.Other<>());
        assertThat(keys.begin("other", "b")).isEqualTo(new Verdict.First<>());
    }

    @Test
    void whatFailedMayBeTriedAgain() {
        keys.begin("k", "a");
        keys.failed("k");

        assertThat(keys.begin("k", "a")).isEqualTo(new Verdict.First<>());
    }

    @Test
    void oldestIsForgottenFirst() {
        for (String key : new String[] {"1", "2", "3", "4"}) {
            keys.begin(key, "a");
            keys.answered(key, key);
        }

        assertThat(keys.begin("4", "a")).isEqualTo(new Verdict.Again<>("4"));
        assertThat(keys.begin("1", "a")).isEqualTo(new Verdict.First<>());
    }

    @Test
    void answersAreKeptForADayAndWhoHasDiedForTwoMinutes() {
        keys.begin("answered", "a");
        keys.answered("answered", "done");
        keys.begin("died", "a");

        clock.now = clock.now.plus(Duration.ofMinutes(3));
        assertThat(keys.begin("died", "a")).isEqualTo(new Verdict.First<>());
        assertThat(keys.begin("answered", "a")).isEqualTo(new Verdict.Again<>("done"));

        clock.now = clock.now.plus(Duration.ofHours(24));
        assertThat(keys.begin("answered", "a")).isEqualTo(new Verdict.First<>());
    }

    /** A clock that stands still until it is moved. */
    private static final class Hand extends Clock {

        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
