package io.changeover.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.spec.VerificationMode;
import io.changeover.verify.live.AtFence;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a cutover by what was found at its fence. */
class FenceGateTest {

    private static final Duration FREEZE = Duration.ofMillis(2500);
    private static final AtFence EQUAL = new AtFence(3, List.of(), List.of());
    private static final AtFence UNFINISHED =
            new AtFence(3, List.of(), List.of("7 rows that changed of late could not be compared"));
    private static final AtFence DIFFERENT = new AtFence(3, List.of("CO-2085: 1 rows of public.t differ"), List.of());

    @Test
    void whatIsEqualLetsItGoOn() {
        assertThat(FenceGate.judge(EQUAL, VerificationMode.REQUIRED)).isEmpty();
        assertThat(FenceGate.judge(EQUAL, VerificationMode.OPTIONAL)).isEmpty();
    }

    @Test
    void whatIsNotFinishedGivesItUpIfVerificationIsRequired() {
        assertThat(FenceGate.judge(UNFINISHED, VerificationMode.REQUIRED))
                .singleElement()
                .asString()
                .contains("CO-2087", "7 rows that changed of late");
        assertThat(FenceGate.judge(UNFINISHED, VerificationMode.OPTIONAL)).isEmpty();
    }

    @Test
    void aServerThatDoesNotAnswerBeforeTheFreezeIsOverGivesItUp() throws SQLException {
        FenceGate.Question tooLong = time -> {
            throw new SQLException("canceling statement due to statement timeout", "57014");
        };
        for (VerificationMode mode : List.of(VerificationMode.REQUIRED, VerificationMode.OPTIONAL)) {
            assertThat(FenceGate.rest(tooLong, mode, FREEZE))
                    .singleElement()
                    .asString()
                    .contains("CO-2087", "2500 ms");
        }
        assertThat(FenceGate.rest(tooLong, VerificationMode.OFF, FREEZE)).isEmpty();
    }

    @Test
    void aServerThatFailsIsNotTakenForAVerdict() {
        SQLException gone = new SQLException("the connection is gone", "08006");
        assertThatThrownBy(() -> FenceGate.rest(
                        time -> {
                            throw gone;
                        },
                        VerificationMode.REQUIRED,
                        FREEZE))
                .isSameAs(gone);
    }

    @Test
    void whatIsInterruptedIsNoVerdictEither() throws SQLException {
        FenceGate.Question interrupted = time -> {
            throw new InterruptedException();
        };
        assertThat(FenceGate.rest(interrupted, VerificationMode.REQUIRED, FREEZE))
                .singleElement()
                .asString()
                .contains("interrupted");
        assertThat(Thread.interrupted()).as("the thread still knows").isTrue();
    }

    @Test
    void whatDiffersGivesItUp() {
        assertThat(FenceGate.judge(DIFFERENT, VerificationMode.REQUIRED))
                .singleElement()
                .asString()
                .contains("CO-2085", "public.t");
        assertThat(FenceGate.judge(DIFFERENT, VerificationMode.OPTIONAL)).hasSize(1);
    }
}
