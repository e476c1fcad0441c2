package io.changeover.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Acknowledgements acknowledgements = new Acknowledgements(START);

    @Test
    void serversAreInTheOrderOfTheirFirstAcknowledgement() {
        acknowledgements.add("source", at(1));
        acknowledgements.add("source", at(2));
        acknowledgements.add("another target", at(5));

        assertThat(acknowledgements.byServer())
                .containsExactly(
                        new ServerTally("source", 2, at(1), at(2)), new ServerTally("another target", 1, at(5), at(5)));
    }

    @Test
    void longestPauseIsOneThatIsOver() {
        acknowledgements.add("source", at(1));
        acknowledgements.add("target", at(5));

        assertThat(acknowledgements.longestPause(at(6))).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void longestPauseIsTheOneGoingOn() {
        acknowledgements.add("source", at(1));

        assertThat(acknowledgements.longestPause(at(9))).isEqualTo(Duration.ofSeconds(8));
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }
}
