package io.changeover.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.TableName;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.TableSelection;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ActionTest {

    private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");
    private static final Action.Seen ORPHANED = new Action.Seen(true, Optional.empty());
    private static final Action.Seen LOST = new Action.Seen(false, Optional.of("CO-2006: gone"));
    private static final DatabaseStatus CREATED =
            DatabaseStatus.created(new DatabasePair("a", "b", TableSelection.ALL), NOW);

    @Test
    void stepsAreDoneOneAfterTheOther() {
        DatabaseStatus status = CREATED.moved(DatabaseState.PREFLIGHT, NOW);
        for (Step step : Step.values()) {
            assertThat(Action.next(status, Action.Seen.NOTHING)).isEqualTo(new Action.Perform(step));
            status = status.moved(step.state(), NOW).with(step);
        }
        assertThat(Action.next(status, Action.Seen.NOTHING)).isEqualTo(new Action.Rest());
    }

    @ParameterizedTest
    @EnumSource(
            value = DatabaseState.class,
            names = {"CREATED", "FAILED", "CANCELLED"})
    void whatIsAtRestStaysThereWhateverIsSeen(DatabaseState state) {
        DatabaseStatus status = CREATED.moved(state, NOW);

        assertThat(List.of(Action.Seen.NOTHING, LOST, ORPHANED))
                .allSatisfy(seen -> assertThat(Action.next(status, seen)).isEqualTo(new Action.Rest()));
        assertThat(status.atRest()).isTrue();
    }

    @Test
    void anOrphanedCutoverIsRolledBackBeforeAnythingElse() {
        DatabaseStatus status = ready().with(Step.IN_SYNC).moved(DatabaseState.CUTTING_OVER, NOW);

        assertThat(Action.next(status, ORPHANED)).isEqualTo(new Action.RollBack());
        assertThat(Action.next(status.wishing(Wish.CANCEL), new Action.Seen(true, LOST.slotLost())))
                .isEqualTo(new Action.RollBack());
        assertThat(Action.next(status, Action.Seen.NOTHING)).isEqualTo(new Action.Perform(Step.CUTOVER));
        assertThat(Action.next(status.with(Step.CUTOVER).moved(DatabaseState.COMPLETED, NOW), ORPHANED))
                .isEqualTo(new Action.Perform(Step.COMPARISON));
    }

    @Test
    void aLostSlotIsTheEndBeforeTheSwitchAndNothingAfterIt() {
        assertThat(Action.next(ready(), LOST)).isEqualTo(new Action.Fail("CO-2006: gone"));
        assertThat(Action.next(ready().granted(Wish.PAUSE, NOW), LOST)).isEqualTo(new Action.Fail("CO-2006: gone"));
        assertThat(Action.next(switched(), LOST)).isEqualTo(new Action.Perform(Step.COMPARISON));
        assertThat(Action.next(ready().wishing(Wish.CANCEL), LOST)).isEqualTo(new Action.Obey(Wish.CANCEL));
    }

    @Test
    void whatIsPausedIsLookedAtAndGoesOnWhereItWas() {
        TableName table = new TableName("s", "t");
        DatabaseStatus status = ready().withReload(Set.of(table));
        for (Wish wish : List.of(Wish.PAUSE, Wish.STOP)) {
            DatabaseStatus halted = status.granted(wish, NOW);
            assertThat(Action.next(halted, Action.Seen.NOTHING)).isEqualTo(new Action.Watch());
            assertThat(halted.atRest()).isFalse();
            DatabaseStatus resumed = halted.granted(Wish.RESUME, NOW);
            assertThat(resumed.state()).isEqualTo(DatabaseState.CATCHING_UP);
            assertThat(Action.next(resumed, Action.Seen.NOTHING)).isEqualTo(new Action.Reload(Set.of(table)));
        }
    }

    @Test
    void aWishIsDoneOnceAndMakesAnEarlierRequestForACutoverVoid() {
        DatabaseStatus wished = ready().withCutoverRequested().wishing(Wish.PAUSE);

        assertThat(wished.cutoverRequested()).isFalse();
        assertThat(Action.next(wished, Action.Seen.NOTHING)).isEqualTo(new Action.Obey(Wish.PAUSE));
        assertThat(wished.granted(Wish.PAUSE, NOW).wish()).isEmpty();
        assertThat(wished.failed("why", NOW).wish()).isEmpty();
        assertThat(ready().wishing(Wish.CANCEL).failed("why", NOW).wish()).contains(Wish.CANCEL);
    }

    static Stream<Arguments> refusals() {
        DatabaseStatus loading = CREATED.moved(DatabaseState.FULL_LOAD, NOW);
        DatabaseStatus finished = complete().granted(Wish.FINISH, NOW);
        return Stream.of(
                Arguments.of("created", CREATED, Set.of(Wish.CANCEL)),
                Arguments.of("loading", loading, Set.of(Wish.PAUSE, Wish.STOP, Wish.CANCEL)),
                Arguments.of("failed", loading.failed("why", NOW), Set.of(Wish.CANCEL)),
                Arguments.of(
                        "about to pause", loading.wishing(Wish.PAUSE), EnumSet.complementOf(EnumSet.of(Wish.FINISH))),
                Arguments.of(
                        "paused",
                        loading.granted(Wish.PAUSE, NOW),
                        Set.of(Wish.PAUSE, Wish.STOP, Wish.RESUME, Wish.CANCEL)),
                Arguments.of("stopped", loading.granted(Wish.STOP, NOW), Set.of(Wish.STOP, Wish.RESUME, Wish.CANCEL)),
                Arguments.of("being cancelled", loading.wishing(Wish.CANCEL), Set.of(Wish.CANCEL)),
                Arguments.of("cancelled", loading.granted(Wish.CANCEL, NOW), Set.of(Wish.CANCEL)),
                Arguments.of("about to cut over", ready().with(Step.IN_SYNC), Set.of()),
                Arguments.of(
                        "cutting over", ready().with(Step.IN_SYNC).moved(DatabaseState.CUTTING_OVER, NOW), Set.of()),
                Arguments.of("switched", switched(), Set.of()),
                Arguments.of("switched and failed", switched().failed("why", NOW), Set.of()),
                Arguments.of("complete", complete(), Set.of(Wish.FINISH)),
                Arguments.of("about to be finished", complete().wishing(Wish.FINISH), Set.of(Wish.FINISH)),
                Arguments.of("finished", finished, Set.of(Wish.FINISH)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void whatCannotBeHadIsRefused(String when, DatabaseStatus status, Set<Wish> possible) {
        assertThat(Arrays.stream(Wish.values())
                        .filter(wish -> wish.refusedTo(status).isEmpty()))
                .as(when)
                .containsExactlyInAnyOrderElementsOf(possible);
    }

    @Test
    void aServerThatIsGoneStopsNeitherACancellationNorAnEnd() {
        DatabaseStatus stuck = ready().wishing(Wish.CANCEL);
        DatabaseStatus cuttingOver = ready().with(Step.IN_SYNC).moved(DatabaseState.CUTTING_OVER, NOW);
        for (Set<Side> gone : List.of(Set.of(Side.SOURCE), Set.of(Side.TARGET), Set.of(Side.SOURCE, Side.TARGET))) {
            for (DatabaseStatus status : List.of(CREATED, stuck, ready().failed("why", NOW), cuttingOver)) {
                assertThat(Wish.CANCEL.refusedTo(status, gone)).isEmpty();
                assertThat(Wish.FINISH.refusedTo(status, gone)).isPresent();
            }
            assertThat(Wish.CANCEL.refusedTo(switched(), gone)).isPresent();
            assertThat(Wish.PAUSE.refusedTo(ready(), gone)).isPresent();
        }
        assertThat(Wish.FINISH.refusedTo(switched(), Set.of(Side.SOURCE))).isEmpty();
        assertThat(Wish.FINISH.refusedTo(switched().failed("why", NOW), Set.of(Side.SOURCE)))
                .isEmpty();
        assertThat(Wish.FINISH.refusedTo(switched(), Set.of(Side.SOURCE, Side.TARGET)))
                .isPresent();
        DatabaseStatus finished =
                switched().wishing(Wish.FINISH, Set.of(Side.SOURCE), "alice").granted(Wish.FINISH, NOW);
        assertThat(finished.nextStep()).contains(Step.COMPARISON);
        assertThat(Action.next(finished, ORPHANED)).isEqualTo(new Action.Rest());
    }

    /** What the cutover has left is undone with the cancellation, as far as the servers are there. */
    @Test
    void aCutoverWithoutAServerIsAbortedAndNotRolledBackFirst() {
        DatabaseStatus status = ready().with(Step.IN_SYNC)
                .moved(DatabaseState.CUTTING_OVER, NOW)
                .wishing(Wish.CANCEL, Set.of(Side.TARGET), "alice");

        assertThat(Action.next(status, ORPHANED)).isEqualTo(new Action.Obey(Wish.CANCEL));
        assertThat(status.cutoverPlan().abortedBy()).contains("alice");
        assertThat(status.switched(new CutoverResult(1, "0/1", 0, 0, List.of()), NOW))
                .isEqualTo(status);
    }

    @Test
    void whatIsLeftIsTheReasonOfTheEndAndForgottenWithACancellationOfBoth() {
        DatabaseStatus status =
                ready().wishing(Wish.CANCEL, Set.of(Side.SOURCE), "alice").withLeft(List.of("a slot", "a publication"));

        assertThat(status.granted(Wish.CANCEL, NOW).reason()).contains("a slot\na publication");
        assertThat(status.granted(Wish.CANCEL, NOW).deletionRefusal()).isEmpty();
        assertThat(status.wishing(Wish.CANCEL).abandoned()).isEqualTo(Abandoned.NONE);
        assertThat(ready().wishing(Wish.CANCEL).granted(Wish.CANCEL, NOW).reason())
                .isEmpty();
    }

    @Test
    void onlyThatOfWhichNothingIsLeftMayBeForgotten() {
        assertThat(CREATED.deletionRefusal()).isEmpty();
        assertThat(CREATED.wishing(Wish.CANCEL).deletionRefusal()).isPresent();
        assertThat(CREATED.moved(DatabaseState.PREFLIGHT, NOW)
                        .failed("why", NOW)
                        .deletionRefusal())
                .isPresent();
        assertThat(ready().deletionRefusal()).isPresent();
        assertThat(ready().granted(Wish.CANCEL, NOW).deletionRefusal()).isEmpty();
        assertThat(complete().deletionRefusal()).isPresent();
        assertThat(complete().granted(Wish.FINISH, NOW).deletionRefusal()).isEmpty();
    }

    private static DatabaseStatus ready() {
        DatabaseStatus status = CREATED.moved(DatabaseState.READY_TO_CUTOVER, NOW);
        for (Step step : EnumSet.range(Step.PREFLIGHT, Step.STATISTICS)) {
            status = status.with(step);
        }
        return status;
    }

    private static DatabaseStatus switched() {
        return ready().with(Step.IN_SYNC).with(Step.CUTOVER).moved(DatabaseState.COMPLETED, NOW);
    }

    private static DatabaseStatus complete() {
        return switched().with(Step.COMPARISON).with(Step.CLEAN_UP);
    }
}
