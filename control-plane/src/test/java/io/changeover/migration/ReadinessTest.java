package io.changeover.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final Optional<Duration> NEAR = Optional.of(Duration.ofMillis(4_999));

    @Test
    void readyNeedsStateConnectorsAndANearTarget() {
        Readiness ready = new Readiness(DatabaseState.READY_TO_CUTOVER, true, NEAR, List.of());

        assertThat(ready.blockers()).isEmpty();
        assertThat(ready.close()).isTrue();
    }

    @Test
    void everythingThatIsMissingIsNamed() {
        assertThat(new Readiness(DatabaseState.FULL_LOAD, false, Optional.empty(), List.of()).blockers())
                .containsExactly(
                        "the state is FULL_LOAD, not READY_TO_CUTOVER",
                        "a connector does not run",
                        "the lag is not known");
    }

    @Test
    void targetThatIsFarBehindIsNotClose() {
        Readiness behind = new Readiness(DatabaseState.CATCHING_UP, true, Optional.of(Readiness.CLOSE), List.of());

        assertThat(behind.close()).isFalse();
        assertThat(new Readiness(DatabaseState.CATCHING_UP, true, NEAR, List.of()).close())
                .isTrue();
        assertThat(new Readiness(DatabaseState.CATCHING_UP, false, NEAR, List.of()).close())
                .isFalse();
        assertThat(new Readiness(DatabaseState.CATCHING_UP, true, Optional.empty(), List.of()).close())
                .isFalse();
        assertThat(new Readiness(DatabaseState.READY_TO_CUTOVER, true, Optional.of(Duration.ofMinutes(1)), List.of())
                        .blockers())
                .containsExactly("the target is 60 s behind");
    }

    @Test
    void aProblemBlocksAndKeepsThePairFromBeingReady() {
        Readiness violated =
                new Readiness(DatabaseState.READY_TO_CUTOVER, true, NEAR, List.of("a foreign key does not hold"));

        assertThat(violated.blockers()).containsExactly("a foreign key does not hold");
        assertThat(violated.close()).isFalse();
    }
}
