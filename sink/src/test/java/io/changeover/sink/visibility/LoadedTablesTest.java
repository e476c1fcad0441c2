package io.changeover.sink.visibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.ledger.LoadLedger.Copy;
import io.changeover.ledger.ReloadLedger;
import io.changeover.ledger.Snapshot;
import io.changeover.postgres.TableName;
import io.changeover.sink.group.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.replication.LogSequenceNumber;

class LoadedTablesTest {

    private static final TableName LOADED = new TableName("s", "loaded");
    private static final TableName PENDING = new TableName("s", "pending");
    private static final TableName OTHER = new TableName("s", "other");

    private final LoadedTables loads = new LoadedTables(
            Map.of(
                    LOADED,
                    copy("100:110:105", Copy.Stream.FOLLOWED),
                    PENDING,
                    new Copy(Optional.empty(), Copy.Stream.FOLLOWED)),
            new ReloadLedger.Look(0, Optional.empty()));

    @Test
    void appliesExactlyWhatTheCopyDidNotSee() {
        assertThat(loads.verdict(LOADED, transaction(99))).isEqualTo(Verdict.SKIP);
        assertThat(loads.verdict(LOADED, transaction(104))).isEqualTo(Verdict.SKIP);
        assertThat(loads.verdict(LOADED, transaction(105))).isEqualTo(Verdict.APPLY);
        assertThat(loads.verdict(LOADED, transaction(110))).isEqualTo(Verdict.APPLY);
    }

    @Test
    void waitsForATableOfTheQueueAndForNoOther() {
        assertThat(loads.verdict(PENDING, transaction(1))).isEqualTo(Verdict.WAIT);
        assertThat(loads.verdict(OTHER, transaction(1))).isEqualTo(Verdict.APPLY);
        assertThat(loads.pendingOf(List.of(insert(LOADED), insert(PENDING)))).contains(PENDING);
        assertThat(loads.pendingOf(List.of(insert(LOADED), insert(OTHER)))).isEmpty();
    }

    /** The counter of 32 bits wraps around; ids on both sides of the wrap compare by distance. */
    @ParameterizedTest
    @CsvSource({
        "4294967290:4294967300:4294967295, 4294967289, true",
        "4294967290:4294967300:4294967295, 4294967295, false",
        "4294967290:4294967300:4294967295, 3, true",
        "4294967290:4294967300:4294967295, 4, false",
        "4294967290:4294967300:4294967297, 1, false",
        "8589934600:8589934600:, 7, true",
        "8589934600:8589934600:, 8, false",
        "8589934600:8589934600:, 4294967295, true",
    })
    void comparesIdsModulo32Bits(String snapshot, long xid, boolean seen) {
        assertThat(snapshot(snapshot).sees(xid, LogSequenceNumber.valueOf(1))).isEqualTo(seen);
    }

    @Test
    void seesNothingThatCommittedAfterItWasRead() {
        assertThat(snapshot("100:110:").sees(50, LogSequenceNumber.valueOf(1001)))
                .isFalse();
    }

    /** Its end has not come; that it commits after the copy was read is known all the same, ids or not. */
    @Test
    void takesWhatCommittedBeforeForALowerBound() {
        Origin wrappedAround = new Origin(50, LogSequenceNumber.valueOf(1001), false);
        Origin unknown = new Origin(105, LogSequenceNumber.valueOf(1), false);

        assertThat(loads.verdict(LOADED, wrappedAround)).isEqualTo(Verdict.APPLY);
        assertThat(loads.verdict(LOADED, unknown)).isEqualTo(Verdict.APPLY);
        assertThat(loads.verdict(LOADED, new Origin(99, LogSequenceNumber.valueOf(1), false)))
                .isEqualTo(Verdict.SKIP);
    }

    @Test
    void aTableThatIsLoadedAgainIsPassedOver() {
        LoadedTables again = new LoadedTables(
                Map.of(
                        LOADED,
                        copy("100:110:105", Copy.Stream.HELD),
                        PENDING,
                        new Copy(Optional.empty(), Copy.Stream.HELD)),
                new ReloadLedger.Look(1, Optional.empty()));

        assertThat(again.verdict(LOADED, transaction(200))).isEqualTo(Verdict.SKIP);
        assertThat(again.verdict(PENDING, transaction(200))).isEqualTo(Verdict.SKIP);
        assertThat(again.verdict(OTHER, transaction(200))).isEqualTo(Verdict.APPLY);
        assertThat(again.pendingOf(List.of(insert(PENDING)))).isEmpty();
        assertThat(again.isAllMissing(new Origin(200, LogSequenceNumber.valueOf(2000), true)))
                .isFalse();
    }

    @Test
    void untilTheStreamIsWhereItWasOnlyTheTablesThatItIsReadAgainForLackChanges() {
        LoadedTables replay = new LoadedTables(
                Map.of(
                        LOADED, copy("100:110:105", Copy.Stream.REPLAYED),
                        PENDING, copy("90:90:", Copy.Stream.FOLLOWED)),
                new ReloadLedger.Look(1, Optional.of(LogSequenceNumber.valueOf(2000))));

        for (Origin before : List.of(
                new Origin(120, LogSequenceNumber.valueOf(2000), true),
                new Origin(120, LogSequenceNumber.valueOf(1990), false))) {
            assertThat(replay.verdict(LOADED, before)).isEqualTo(Verdict.APPLY);
            assertThat(replay.verdict(PENDING, before)).isEqualTo(Verdict.SKIP);
            assertThat(replay.verdict(OTHER, before)).isEqualTo(Verdict.SKIP);
            assertThat(replay.isAllMissing(before)).isFalse();
        }
        for (Origin after : List.of(
                new Origin(120, LogSequenceNumber.valueOf(2010), true),
                new Origin(120, LogSequenceNumber.valueOf(2000), false))) {
            assertThat(List.of(LOADED, PENDING, OTHER))
                    .allMatch(table -> replay.verdict(table, after) == Verdict.APPLY);
            assertThat(replay.isAllMissing(after)).isTrue();
        }
        assertThat(replay.isReplayedTo(LogSequenceNumber.valueOf(1999))).isFalse();
        assertThat(replay.isReplayedTo(LogSequenceNumber.valueOf(2000))).isTrue();
    }

    private static Copy copy(String snapshot, Copy.Stream stream) {
        return new Copy(Optional.of(snapshot(snapshot)), stream);
    }

    private static Snapshot snapshot(String text) {
        return Snapshot.parse(text, LogSequenceNumber.valueOf(1000));
    }

    private static ChangeEvent insert(TableName table) {
        return new ChangeEvent.Insert(table, Tuple.EMPTY);
    }

    private static Origin transaction(long xid) {
        return new Origin(xid, LogSequenceNumber.valueOf(1), true);
    }
}
