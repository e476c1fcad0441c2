package io.changeover.bench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTest {

    private static final long MILLI = 1_000_000;

    @Test
    void aNumberThatIsSeenMeansThatAllBeforeItAre() {
        Latencies latencies = new Latencies(3);
        latencies.commits(1, 10 * MILLI);
        latencies.commits(2, 12 * MILLI);
        latencies.commits(3, 14 * MILLI);

        latencies.sees(2, 15 * MILLI);
        latencies.sees(2, 16 * MILLI);
        boolean beforeTheLast = latencies.isComplete();
        latencies.sees(3, 18 * MILLI);

        assertThat(beforeTheLast).isFalse();
        assertThat(latencies.isComplete()).isTrue();
        assertThat(latencies.millis(1)).isEqualTo(3);
        assertThat(latencies.millis(50)).isEqualTo(4);
        assertThat(latencies.millis(99)).isEqualTo(5);
    }

    @Test
    void percentilesAreRanks() {
        Latencies latencies = new Latencies(200);
        for (int number = 1; number <= 200; number++) {
            latencies.commits(number, 0);
            latencies.sees(number, number * MILLI);
        }

        assertThat(latencies.millis(50)).isEqualTo(100);
        assertThat(latencies.millis(99)).isEqualTo(198);
        assertThat(latencies.millis(100)).isEqualTo(200);
    }
}
