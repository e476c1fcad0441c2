package io.changeover.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.TableCounts;
import io.changeover.migration.ConnectorLook;
import io.changeover.migration.DatabaseState;
import io.changeover.postgres.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class CausesTest {

    private static final LogSequenceNumber LSN = LogSequenceNumber.valueOf(100);
    private static final Flow BACKWARDS = new Flow(900, 100, Optional.empty());
    private static final Flow FORWARDS = new Flow(100, 900, Optional.of(Duration.ofSeconds(5)));
    private static final Optional<List<ConnectorLook>> RUNNING =
            Optional.of(List.of(new ConnectorLook("capture", "RUNNING", 1, 1, Optional.empty())));
    private static final Duration ZERO = Duration.ZERO;

    @Test
    void nothingIsToldOfATargetThatFollows() {
        assertThat(causes(progress(look().lag(300).flow(BACKWARDS)))).isEmpty();
    }

    @Test
    void whatStopsEverythingIsToldThoughNothingIsPending() {
        Progress quiet = progress(look().standby());

        assertThat(kinds(Causes.of(DatabaseState.PAUSED, RUNNING, quiet)))
                .containsExactly(Cause.Kind.PAUSED, Cause.Kind.TARGET_READ_ONLY);
    }

    @Test
    void failedTaskIsToldWithItsReason() {
        Optional<List<ConnectorLook>> failed = Optional.of(List.of(
                new ConnectorLook("shop.sink", "FAILED", 1, 0, Optional.of("CO-2030: the stream has stopped"))));

        assertThat(Causes.of(DatabaseState.CATCHING_UP, failed, progress(look())))
                .containsExactly(new Cause(
                        Cause.Kind.CONNECTOR, "The connector shop.sink has failed: CO-2030: the stream has stopped"));
    }

    @Test
    void connectThatDoesNotAnswerIsTold() {
        assertThat(kinds(Causes.of(DatabaseState.CATCHING_UP, Optional.empty(), progress(look()))))
                .containsExactly(Cause.Kind.CONNECTOR);
    }

    @Test
    void slotThatNobodyReadsIsToldUnlessAPersonStoppedIt() {
        Progress unread = progress(look().unread());

        assertThat(kinds(causes(unread))).containsExactly(Cause.Kind.NO_CAPTURE);
        assertThat(kinds(Causes.of(DatabaseState.STOPPED, RUNNING, unread))).containsExactly(Cause.Kind.PAUSED);
        assertThat(kinds(Causes.of(DatabaseState.COMPLETED, RUNNING, unread))).isEmpty();
    }

    @Test
    void lockIsToldWithItsHoldersWhenItIsWaitedForLong() {
        assertThat(causes(progress(look().lock(900)))).isEmpty();
        assertThat(causes(progress(look().lock(35_000))))
                .singleElement()
                .satisfies(cause -> assertThat(cause.message())
                        .startsWith("The sink has waited 35 s for a lock on the target, held by session 7 of app"));
    }

    @Test
    void longTransactionOfTheSourceIsTold() {
        assertThat(causes(progress(look().open(59)))).isEmpty();
        assertThat(kinds(causes(progress(look().open(61))))).containsExactly(Cause.Kind.LONG_TRANSACTION);
    }

    @Test
    void slownessIsToldOnlyWhenNothingElseExplainsIt() {
        Looks slow = look().lag(60_000).flow(BACKWARDS).sends(0.9).reads(0.6).pending(9000, 500);

        assertThat(kinds(causes(progress(slow))))
                .containsExactly(
                        Cause.Kind.SOURCE_NETWORK,
                        Cause.Kind.TARGET_NETWORK,
                        Cause.Kind.HOT_TABLE,
                        Cause.Kind.TARGET_SLOWER);
        assertThat(kinds(causes(progress(slow.lock(5000))))).containsExactly(Cause.Kind.LOCK_WAIT);
    }

    @Test
    void hotTableIsTheOneWithMostOfWhatIsPending() {
        assertThat(causes(progress(look().lag(60_000).flow(FORWARDS).pending(9000, 1000))))
                .singleElement()
                .satisfies(cause -> assertThat(cause.message()).startsWith("s.hot has 90 % of 10000 pending changes"));
        assertThat(causes(progress(look().lag(60_000).flow(FORWARDS).pending(4000, 6000))))
                .singleElement()
                .satisfies(cause -> assertThat(cause.message()).startsWith("s.other has 60 %"));
        assertThat(causes(progress(look().lag(60_000).flow(FORWARDS).pending(5000, 5000))))
                .isEmpty();
        assertThat(causes(progress(look().lag(60_000).flow(FORWARDS).pending(90, 10))))
                .isEmpty();
    }

    private static List<Cause> causes(Progress progress) {
        return Causes.of(DatabaseState.CATCHING_UP, RUNNING, progress);
    }

    private static List<Cause.Kind> kinds(List<Cause> causes) {
        return causes.stream().map(Cause::kind).toList();
    }

    /** What was seen; the rest is as it should be. */
    private record Looks(long lag, Flow flow, Signs signs, boolean slotRead, long hot, long other) {

        Looks lag(long millis) {
            return new Looks(millis, flow, signs, slotRead, hot, other);
        }

        Looks flow(Flow other) {
            return new Looks(lag, other, signs, slotRead, hot, this.other);
        }

        Looks signs(Signs seen) {
            return new Looks(lag, flow, seen, slotRead, hot, other);
        }

        Looks unread() {
            return new Looks(lag, flow, signs, false, hot, other);
        }

        Looks pending(long ofHot, long ofOther) {
            return new Looks(lag, flow, signs, slotRead, ofHot, ofOther);
        }

        Looks standby() {
            return signs(new Signs(
                    true, signs.lockWait(), signs.longest(), signs.sourceSends(), signs.targetReads(), ZERO, ZERO));
        }

        Looks lock(long millis) {
            Signs.LockWait wait = new Signs.LockWait(Duration.ofMillis(millis), List.of("session 7 of app"));
            return signs(new Signs(
                    signs.targetIsStandby(),
                    Optional.of(wait),
                    signs.longest(),
                    signs.sourceSends(),
                    signs.targetReads(),
                    ZERO,
                    ZERO));
        }

        Looks open(long seconds) {
            Signs.OpenTransaction longest =
                    new Signs.OpenTransaction("session 9 of app", false, Duration.ofSeconds(seconds));
            return signs(new Signs(
                    signs.targetIsStandby(),
                    signs.lockWait(),
                    Optional.of(longest),
                    signs.sourceSends(),
                    signs.targetReads(),
                    ZERO,
                    ZERO));
        }

        Looks sends(double share) {
            return signs(new Signs(
                    signs.targetIsStandby(),
                    signs.lockWait(),
                    signs.longest(),
                    share,
                    signs.targetReads(),
                    ZERO,
                    ZERO));
        }

        Looks reads(double share) {
            return signs(new Signs(
                    signs.targetIsStandby(),
                    signs.lockWait(),
                    signs.longest(),
                    signs.sourceSends(),
                    share,
                    ZERO,
                    ZERO));
        }
    }

    private static Looks look() {
        return new Looks(0, FORWARDS, Signs.NONE, true, 0, 0);
    }

    private static Progress progress(Looks looks) {
        Pending pending =
                new Pending(looks.hot() + looks.other(), 0, 0, 0, LSN, LSN, LSN, LSN, looks.lag(), looks.flow());
        return new Progress(
                Instant.EPOCH,
                List.of(table("hot", looks.hot()), table("other", looks.other())),
                LoadSpeed.NONE,
                Horizon.NONE,
                IndexProgress.NONE,
                0,
                Optional.of(pending),
                Optional.of(new Slot("slot", looks.slotRead(), LSN, 0, Optional.empty(), Optional.empty())),
                looks.signs(),
                List.of(),
                List.of());
    }

    private static TableProgress table(String name, long pending) {
        TableName table = new TableName("s", name);
        return new TableProgress(
                table,
                TableProgress.LoadState.LOADED,
                0,
                0,
                0,
                0,
                Optional.empty(),
                0,
                0,
                Optional.empty(),
                TableCounts.none(table),
                pending);
    }
}
