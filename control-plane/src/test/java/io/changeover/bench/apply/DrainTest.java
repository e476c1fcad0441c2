package io.changeover.bench.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class DrainTest {

    private final Drain drain = new Drain();

    @Test
    void theWarmUpEndsBetweenTwoLooks() {
        drain.look(1000, 0);
        drain.look(2000, 100);
        drain.look(3000, 300);
        drain.look(4000, 400);

        Drain.Counted counted = drain.after(200, 400).orElseThrow();

        assertThat(counted).isEqualTo(new Drain.Counted(2500, 4000, 200));
        assertThat(counted.changesPerSecond()).isEqualTo(200 / 1.5);
    }

    @Test
    void theRunEndsWithTheLookThatFoundAll() {
        drain.look(1000, 0);
        drain.look(2000, 100);
        drain.look(3000, 400);
        drain.look(9000, 400);

        assertThat(drain.after(100, 400)).contains(new Drain.Counted(2000, 3000, 300));
    }

    @Test
    void aStepTookTheTimeSinceTheStepBefore() {
        drain.look(1000, 0);
        drain.look(2000, 100);
        drain.look(3000, 100);
        drain.look(5999, 100);
        drain.look(6000, 300);

        assertThat(drain.after(200, 300)).contains(new Drain.Counted(4000, 6000, 100));
    }

    @Test
    void aNumberThatFallsIsRefused() {
        drain.look(1000, 10);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> drain.look(1001, 9))
                .withMessage("First 10 changes were applied, then 9");
    }

    @Test
    void whatWasNotFoundCannotBeTold() {
        drain.look(1000, 10);

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> drain.after(5, 20))
                .withMessage("No look found 20 changes applied");
    }

    @Test
    void theFirstStepAloneTellsNothing() {
        drain.look(1000, 0);
        drain.look(2000, 20);

        assertThat(drain.after(5, 20)).isEmpty();
    }
}
