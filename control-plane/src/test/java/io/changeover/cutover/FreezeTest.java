package io.changeover.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** When a cutover is over although nobody has aborted it. */
class FreezeTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicReference<Optional<String>> late = new AtomicReference<>(Optional.empty());

    @Test
    void itIsTooLateToBeginUntilTheFenceIsUp() throws CutoverGivenUp {
        try (Freeze freeze = new Freeze(LONG, Optional::empty, late::get, Course.QUIET)) {
            freeze.enter("fence");
            late.set(Optional.of("The cutover did not begin until noon"));

            assertThatThrownBy(freeze::check)
                    .isInstanceOf(CutoverGivenUp.class)
                    .hasMessage("The cutover did not begin until noon: fence. The source is writable");
            assertThat(freeze.settle()).isFalse();
        }
    }

    @Test
    void behindTheFenceItHasBegun() throws CutoverGivenUp {
        try (Freeze freeze = new Freeze(LONG, Optional::empty, late::get, Course.QUIET)) {
            freeze.begin(System.nanoTime());
            late.set(Optional.of("The cutover did not begin until noon"));

            freeze.enter("drain");

            assertThat(freeze.settle()).isTrue();
        }
    }
}
