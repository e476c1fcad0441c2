package io.changeover.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final Optional<Duration> NEAR = Optional.of(Duration.ofMillis(4_999));

    @Test
    void readyNeedsStateConnectorsAndANearTarget() {
        Readiness ready = new Readiness(DatabaseState.READY_TO_CUTOVER, true, NEAR);

        assertThat(ready.blockers()).isEmpty();
        assertThat(ready.close()).isTrue();
    }

    @Test
    void everythingThatIsMissingIsNamed() {
        assertThat(new Readiness(DatabaseState.FULL_LOAD, false, Optional.empty()).blockers())
                .containsExactly(
                        "the state is FULL_LOAD, not READY_TO_CUTOVER",
                        "a connector does not run",
                        "the lag is not known");
    }

    @Test
    void targetThatIsFarBehindIsNotClose() {
        Readiness behind = new Readiness(DatabaseState.CATCHING_UP, true, Optional.of(Readiness.CLOSE));

        assertThat(behind.close()).isFalse();
        assertThat(new Readiness(DatabaseState.CATCHING_UP, true, NEAR).close()).isTrue();
        assertThat(new Readiness(DatabaseState.CATCHING_UP, false, NEAR).close())
                .isFalse();
        assertThat(new Readiness(DatabaseState.CATCHING_UP, true, Optional.empty()).close())
                .isFalse();
        assertThat(new Readiness(DatabaseState.READY_TO_CUTOVER, true, Optional.of(Duration.ofMinutes(1))).blockers())
                .containsExactly("the target is 60 s behind");
    }
}
