package io.changeover.sink.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GroupPaceTest {

    private static final int MOST = 10_000;

    private long now;
    private final GroupPace pace = new GroupPace(MOST, Duration.ofMillis(1000), () -> now);

    @Test
    void growsToTheMostWhileGroupsAreFast() {
        for (int i = 0; i < 4; i++) {
            group(pace.changes(), 200);
        }

        assertThat(pace.changes()).isEqualTo(MOST);
    }

    @Test
    void growsFasterWhileGroupsAreVeryFast() {
        group(1000, 124);

        assertThat(pace.changes()).isEqualTo(4000);

        group(4000, 126);

        assertThat(pace.changes()).isEqualTo(8000);
    }

    @Test
    void staysWhereGroupsTakeAboutTheirTime() {
        group(1000, 700);

        assertThat(pace.changes()).isEqualTo(1000);
    }

    @Test
    void doesNotGrowByGroupsThatAreNotFull() {
        group(1, 1);

        assertThat(pace.changes()).isEqualTo(1000);
    }

    @Test
    void halvesAfterAGroupThatTookALittleTooLong() {
        group(1000, 1001);

        assertThat(pace.changes()).isEqualTo(500);
    }

    @Test
    void fallsToTheRightNumberAfterOneThatTookMuchTooLong() {
        group(1000, 100_000);

        assertThat(pace.changes()).isEqualTo(10);
    }

    @Test
    void asksForOneChangeAtLeast() {
        group(1000, 10_000_000);
        group(1, 60_000);

        assertThat(pace.changes()).isEqualTo(1);
    }

    @Test
    void aLargeSourceTransactionDoesNotSlowDownWhatComesAfterIt() {
        group(40_000, 4_000);

        assertThat(pace.changes()).isEqualTo(500);
        group(500, 200);
        assertThat(pace.changes()).isEqualTo(1000);
    }

    /** A target that needs 2 ms for a change and 100 ms for a commit. */
    @Test
    void comesToAGroupOfTheRightTimeOnASlowTarget() {
        for (int i = 0; i < 20; i++) {
            group(pace.changes(), 100 + 2L * pace.changes());
        }

        assertThat(100 + 2L * pace.changes()).isBetween(400L, 1000L);
    }

    private void group(int changes, long millis) {
        pace.begin();
        now += Duration.ofMillis(millis).toNanos();
        pace.commit(changes);
    }
}
