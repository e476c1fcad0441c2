package io.changeover.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MILLI = 1_000_000;

    private final Pace pace = new Pace(100, 0);

    @Test
    void turnsOfAllClientsAreSpreadEvenly() {
        assertThat(pace.takeTurn(0)).isZero();
        assertThat(pace.takeTurn(0)).isEqualTo(10 * MILLI);
        assertThat(pace.takeTurn(5 * MILLI)).isEqualTo(15 * MILLI);
    }

    @Test
    void shortDelayIsMadeUpFor() {
        pace.takeTurn(0);

        assertThat(pace.takeTurn(50 * MILLI)).isEqualTo(-40 * MILLI);
        assertThat(pace.takeTurn(50 * MILLI)).isEqualTo(-30 * MILLI);
    }

    @Test
    void outageIsNotFollowedByBurst() {
        pace.takeTurn(0);

        long now = 60_000 * MILLI;
        long late = 0;
        while (pace.takeTurn(now) < 0) {
            late++;
        }

        assertThat(late).isEqualTo(20);
    }
}
