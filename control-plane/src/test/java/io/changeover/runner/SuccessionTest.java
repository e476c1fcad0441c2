package io.changeover.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.migration.Step;
import io.changeover.runner.Persons.Script;
import io.changeover.runner.SharedWorld.Invariant;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Two control planes of one pair: the first stops before or after anything that it does, the second takes over and
 * stops anywhere as well, the first wakes up, and then the second goes on to the end. Both runners are the real ones;
 * what must hold is in {@link SharedWorld}.
 */
class SuccessionTest {

    private static final int EVERY = Integer.getInteger("simulation.every", 19);

    @Test
    void withoutAFenceALateEffectBreaksWhatMustHold() {
        assertThat(broken(false).keySet()).containsExactlyInAnyOrder(Invariant.values());
    }

    @Test
    void withTheFenceNothingThatIsLateBreaksAnything() {
        assertThat(broken(true)).isEmpty();
    }

    private static Map<Invariant, String> broken(boolean fencing) {
        Map<Invariant, String> broken = new TreeMap<>();
        for (Script script : Script.values()) {
            int stopped = 0;
            boolean more = true;
            for (int first = 1; more; first++) {
                more = false;
                boolean anyOfSecond = true;
                for (int second = 1; anyOfSecond; second += stride(script)) {
                    SharedWorld world = new SharedWorld(fencing);
                    Persons persons = new Persons(script);
                    Halt firsts = begin(world, 1, first, persons);
                    more |= !firsts.hasEnded();
                    Halt seconds = begin(world, 2, second, persons);
                    anyOfSecond = !seconds.hasEnded();
                    firsts.wake();
                    seconds.wake();
                    world.broken().forEach(broken::putIfAbsent);
                    if (fencing) {
                        assertThat(world.stored.done())
                                .as(script + ", stopped at " + first + " and " + second)
                                .contains(Step.CLEAN_UP);
                    }
                }
                stopped = first;
            }
            assertThat(stopped).isGreaterThan(50);
        }
        return broken;
    }

    /** There and back is twice as long. */
    private static int stride(Script script) {
        return script == Script.CUT_OVER_AND_ROLL_BACK ? 3 * EVERY : EVERY;
    }

    private static Halt begin(SharedWorld world, int epoch, int at, Persons persons) {
        Halt halt = new Halt(at);
        SimulatedPlane plane = new SimulatedPlane(world, epoch, halt, persons);
        halt.begin(() -> {
            do {
                new DatabaseRunner("plane " + epoch, plane, plane, Clock.systemUTC()).run();
            } while (plane.goesOn());
        });
        return halt;
    }
}
