package io.changeover.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Fallback;
import io.changeover.migration.Step;
import io.changeover.migration.Wish;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Lives of a pair in a world that is made of flags: the runner is the real one, and is killed before and after each of
 * its effects and each of its records, while persons ask for things and servers fail. What must hold is in
 * {@link SimulatedWorld}; a life that breaks it prints its seed and what happened.
 */
class LifeSimulationTest {

    private static final int LIVES = Integer.getInteger("simulation.lives", 3000);
    private static final long FIRST = Long.getLong("simulation.seed", 1);

    @Test
    void noLifeBreaksWhatMustHold() {
        Map<DatabaseState, Integer> ends = new EnumMap<>(DatabaseState.class);
        Set<Wish> granted = EnumSet.noneOf(Wish.class);
        int kills = 0;
        int finished = 0;
        for (long seed = FIRST; seed < FIRST + LIVES; seed++) {
            SimulatedWorld world = new SimulatedWorld(seed);
            live(world);
            ends.merge(world.status().state(), 1, Integer::sum);
            granted.addAll(world.granted());
            kills += world.kills();
            finished += world.status().finished().orElse(false) ? 1 : 0;
        }

        assertThat(ends.keySet())
                .contains(
                        DatabaseState.COMPLETED,
                        DatabaseState.CANCELLED,
                        DatabaseState.FAILED,
                        DatabaseState.ROLLED_BACK);
        assertThat(granted).containsExactlyInAnyOrder(Wish.values());
        assertThat(kills).isGreaterThan(LIVES);
        assertThat(finished).isPositive();
    }

    /** Wherever it is killed for the first time, what comes then completes it. */
    @Test
    void killedAtEachOfItsActionsItStillCompletes() {
        List<Integer> lengths = new ArrayList<>();
        for (int kill = 1; ; kill++) {
            SimulatedWorld world = SimulatedWorld.killedAt(kill);
            live(world);
            DatabaseStatus status = world.status();
            assertThat(status.nextStep()).as(world.story()).isEmpty();
            assertThat(status.done()).as(world.story()).containsExactlyInAnyOrder(Step.values());
            if (world.kills() == 0) {
                break;
            }
            lengths.add(kill);
        }

        assertThat(lengths).hasSizeGreaterThan(40);
    }

    /** Wherever it is killed for the first time, the source is the one to write to again in the end. */
    @Test
    void killedAtEachOfItsActionsTheWayBackStillEnds() {
        for (int kill = 1; ; kill++) {
            SimulatedWorld world = SimulatedWorld.killedOnTheWayBackAt(kill);
            live(world);
            assertThat(world.status().state()).as(world.story()).isEqualTo(DatabaseState.ROLLED_BACK);
            assertThat(world.status().fallback().orElseThrow().phase())
                    .as(world.story())
                    .isEqualTo(Fallback.Phase.ENDED);
            if (world.kills() == 0) {
                break;
            }
        }
    }

    private static void live(SimulatedWorld world) {
        do {
            try {
                new DatabaseRunner("simulated", world, world, Clock.systemUTC()).run();
            } catch (SimulatedWorld.Killed e) {
                world.processDied();
            }
            world.check();
        } while (world.goesOn());
        world.checkEnd();
    }
}
