package io.changeover.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.changeover.postgres.TableName;
import io.changeover.spec.DatabasePair;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatabaseStatusTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final DatabaseStatus created = DatabaseStatus.created(new DatabasePair("a", "b"), START);

    @Test
    void stepsComeInTheirOrderAndStatesDoNotGoBack() {
        DatabaseStatus status = created;
        DatabaseState before = DatabaseState.CREATED;
        for (Step step : Step.values()) {
            assertThat(status.nextStep()).contains(step);
            assertThat(step.state()).isGreaterThanOrEqualTo(before);
            before = step.state();
            status = status.moved(step.state(), START).with(step);
        }

        assertThat(status.nextStep()).isEmpty();
        assertThat(status.atRest()).isTrue();
        assertThat(status.timeline())
                .extracting(Transition::state)
                .containsExactly(
                        DatabaseState.CREATED,
                        DatabaseState.PREFLIGHT,
                        DatabaseState.SCHEMA,
                        DatabaseState.FULL_LOAD,
                        DatabaseState.CATCHING_UP,
                        DatabaseState.CUTTING_OVER,
                        DatabaseState.COMPLETED);
    }

    @Test
    void moveIntoTheSameStateIsNoTransition() {
        DatabaseStatus status = created.because(Optional.of("trouble")).moved(DatabaseState.CREATED, at(9));

        assertThat(status.since()).isEqualTo(START);
        assertThat(status.reason()).isEmpty();
    }

    @Test
    void aTableThatIsLoadedAgainIsWaitedFor() {
        TableName table = new TableName("public", "t");
        TableName other = new TableName("public", "u");
        DatabaseStatus ready = until(Step.IN_SYNC)
                .moved(DatabaseState.READY_TO_CUTOVER, at(1))
                .withCutoverRequested()
                .withReload(List.of(table))
                .withReload(List.of(other));

        DatabaseStatus loading = ready.reloading(table, at(2));

        assertThat(loading.state()).isEqualTo(DatabaseState.FULL_LOAD);
        assertThat(loading.nextStep()).contains(Step.LOAD);
        assertThat(loading.with(Step.LOAD).nextStep()).contains(Step.APPLY);
        assertThat(loading.with(Step.LOAD).with(Step.APPLY).nextStep()).contains(Step.FOREIGN_KEYS);
        assertThat(loading.with(Step.LOAD)
                        .with(Step.APPLY)
                        .with(Step.FOREIGN_KEYS)
                        .nextStep())
                .contains(Step.IN_SYNC);
        assertThat(loading.reloads()).containsExactly(other);
        assertThat(loading.cutoverRequested()).as("somebody has to ask again").isFalse();
    }

    @Test
    void aTableIsLoadedAgainBetweenTheFirstLoadAndTheCutover() {
        assertThat(created.reloadRefusal()).isPresent();
        assertThat(until(Step.LOAD).reloadRefusal()).isPresent();
        assertThat(until(Step.APPLY).reloadRefusal()).isEmpty();
        assertThat(until(Step.IN_SYNC).failed("diverged", at(1)).reloadRefusal())
                .isEmpty();
        assertThat(until(Step.IN_SYNC).moved(DatabaseState.CANCELLED, at(1)).reloadRefusal())
                .isPresent();
        assertThat(until(Step.CUTOVER).reloadRefusal()).isPresent();
        assertThat(until(Step.CLEAN_UP).reloadRefusal()).isPresent();
    }

    /** Everything before a step is done. */
    private DatabaseStatus until(Step next) {
        DatabaseStatus status = created;
        for (Step step : Step.values()) {
            status =
                    step.compareTo(next) < 0 ? status.moved(step.state(), START).with(step) : status;
        }
        return status;
    }

    @Test
    void failureKeepsWhatIsDoneAndGoesOnThere() {
        DatabaseStatus failed =
                created.moved(DatabaseState.SCHEMA, at(1)).with(Step.PREFLIGHT).failed("disk full", at(2));

        assertThat(failed.state()).isEqualTo(DatabaseState.FAILED);
        assertThat(failed.reason()).contains("disk full");
        assertThat(failed.atRest()).isTrue();
        assertThat(failed.nextStep()).contains(Step.STRUCTURE);
        assertThat(failed.moved(DatabaseState.SCHEMA, at(3)).reason()).isEmpty();
    }

    @Test
    void cutoverThatWasGivenUpHasToBeAskedForAgain() {
        DatabaseStatus status = created;
        for (Step step : List.of(Step.values()).subList(0, Step.CUTOVER.ordinal())) {
            status = status.with(step);
        }
        status = status.withCutoverRequested().moved(DatabaseState.CUTTING_OVER, at(1));

        DatabaseStatus after = status.cutoverGivenUp("a transaction stayed open", at(2));

        assertThat(after.state()).isEqualTo(DatabaseState.CATCHING_UP);
        assertThat(after.reason()).contains("a transaction stayed open");
        assertThat(after.cutoverRequested()).isFalse();
        assertThat(after.nextStep()).contains(Step.IN_SYNC);
        assertThat(after.atRest()).isFalse();
    }

    @Test
    void jsonIsReadBackAsTheSame() throws Exception {
        ObjectMapper json = new ObjectMapper().registerModules(new Jdk8Module(), new JavaTimeModule());
        DatabaseStatus status = created.with(Step.PREFLIGHT)
                .withLoadedLsn("0/1")
                .withCutover(new CutoverResult(12, "0/2", 3, 5, List.of(new CutoverResult.Phase("fence", 4))))
                .withComparison(new ComparisonResult(
                        true,
                        List.of(new ComparisonResult.Table("public.t", 1, 2, false)),
                        List.of("sequence s"),
                        List.of("note"),
                        5))
                .failed("why", at(1));

        assertThat(json.readValue(json.writeValueAsString(status), DatabaseStatus.class))
                .isEqualTo(status);
    }

    @Test
    void comparisonIsEqualOnlyIfAllOfItIs() {
        var equal = new ComparisonResult.Table("public.t", 1, 1, true);
        var different = new ComparisonResult.Table("public.u", 1, 1, false);

        assertThat(new ComparisonResult(true, List.of(equal), List.of(), List.of(), 1).equal())
                .isTrue();
        assertThat(new ComparisonResult(true, List.of(equal, different), List.of(), List.of(), 1).equal())
                .isFalse();
        assertThat(new ComparisonResult(true, List.of(equal), List.of("sequence s"), List.of(), 1).equal())
                .isFalse();
    }

    @Test
    void rollbackThatWasAbortedIsNotRecordedUntilSomebodyAsksAgain() {
        CutoverResult result = new CutoverResult(1, "0/9", 0, 0, List.of());
        DatabaseStatus follows = created.withFallbackBegun()
                .withFallbackArmed("marker")
                .withFallback(Fallback.Phase.FOLLOWING)
                .with(Step.CUTOVER)
                .moved(DatabaseState.COMPLETED, at(1));
        assertThat(follows.abortRefusal(false))
                .hasValueSatisfying(why -> assertThat(why).contains("completed"));

        DatabaseStatus switching = follows.withRollbackRequested().moved(DatabaseState.ROLLING_BACK, at(2));
        assertThat(switching.abortRefusal(false)).isEmpty();
        DatabaseStatus aborted = switching.aborted("ann").aborted("bob");
        assertThat(aborted.fallback().flatMap(Fallback::abortedBy)).contains("ann");
        assertThat(aborted.rolledBack(result, at(3))).isEqualTo(aborted);

        DatabaseStatus again = aborted.rollbackGivenUp("aborted", at(4));
        assertThat(again.rollbackRefusal()).isEmpty();
        DatabaseStatus rolledBack = again.withRollbackRequested()
                .moved(DatabaseState.ROLLING_BACK, at(5))
                .rolledBack(result, at(6));
        assertThat(rolledBack.state()).isEqualTo(DatabaseState.ROLLED_BACK);
        assertThat(rolledBack.abortRefusal(false))
                .hasValueSatisfying(why -> assertThat(why).contains("rollback is completed"));
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }
}
