package io.changeover.sink.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class TransactionBufferTest {

    private static final ChangeEvent CHANGE = new ChangeEvent.Insert(new TableName("s", "t"), Tuple.EMPTY);

    private static final ChangeEvent BEGIN = begin(1);

    private TransactionBuffer buffer = buffer(0, 0, new BufferLimits(100, 1000, 1 << 20));
    private long offset;

    @Test
    void keepsATransactionUntilItsEndArrives() {
        take(BEGIN, CHANGE);
        assertThat(buffer.next()).isEmpty();

        take(CHANGE, end(1, 2));

        Group group = group();
        assertThat(group.transactions())
                .extracting(each -> each.changes().size())
                .containsExactly(2);
        assertThat(group.nextOffset()).isEqualTo(4);
    }

    @Test
    void groupsWholeTransactionsUpToTheSize() {
        buffer = buffer(0, 0, new BufferLimits(5, 1000, 1 << 20));
        transaction(1, 3);
        transaction(2, 2);
        transaction(3, 9);
        transaction(4, 1);

        assertThat(sizesOfGroups()).containsExactly(List.of(3, 2), List.of(9), List.of(1));
    }

    @Test
    void dropsATransactionThatBeginsAgain() {
        take(BEGIN, CHANGE, CHANGE);
        transaction(1, 3);

        assertThat(sizesOfGroups()).containsExactly(List.of(3));
    }

    @Test
    void dropsAnUnfinishedTransactionWhenTheCaptureStartsAgain() {
        transaction(1, 1);
        buffer.applied(3, LogSequenceNumber.valueOf(1));
        take(begin(2), CHANGE, new ChangeEvent.Started(LogSequenceNumber.valueOf(1)));

        Group group = group();
        assertThat(group.transactions()).isEmpty();
        assertThat(group.nextOffset()).isEqualTo(6);
    }

    @Test
    void takesATransactionOnceThatIsSentTwice() {
        transaction(1, 1);
        transaction(2, 2);
        transaction(1, 1);
        transaction(2, 2);
        transaction(3, 3);

        assertThat(sizesOfGroups()).containsExactly(List.of(1, 2, 3));
    }

    @Test
    void skipsWhatIsNotAboveThePositionButMovesOverIt() {
        TransactionBuffer later = buffer(0, 2, new BufferLimits(100, 1000, 1 << 20));
        later.take(0, List.of(BEGIN));
        later.take(1, List.of(end(2, 0)));

        Group group = (Group) later.next().orElseThrow();

        assertThat(group.transactions()).isEmpty();
        assertThat(group.nextOffset()).isEqualTo(2);
    }

    @Test
    void ignoresRecordsThatItHasTaken() {
        take(BEGIN, CHANGE);
        buffer.take(0, List.of(BEGIN));
        buffer.take(1, List.of(CHANGE));
        take(end(1, 1));

        assertThat(sizesOfGroups()).containsExactly(List.of(1));
    }

    @Test
    void forgetsWhatALostCommitHasApplied() {
        transaction(1, 1);
        transaction(2, 2);

        buffer.applied(3, LogSequenceNumber.valueOf(1));

        assertThat(sizesOfGroups()).containsExactly(List.of(2));
    }

    @Test
    void movesOverTransactionsThatAreKnown() {
        transaction(1, 0);
        buffer.applied(2, LogSequenceNumber.valueOf(1));
        transaction(1, 0);

        assertThat(group()).isEqualTo(new Group(List.of(), 4));
    }

    @Test
    void staysAtTheBeginningOfTheTopicUntilATransactionIsApplied() {
        take(new ChangeEvent.Started(LogSequenceNumber.valueOf(5)));
        assertThat(buffer.next()).isEmpty();

        take(new ChangeEvent.Begin(6, LogSequenceNumber.valueOf(5)), CHANGE, end(6, 1));
        assertThat(group().nextOffset()).isEqualTo(4);
    }

    @Test
    void noticesThatTheTopicWasMadeAnew() {
        TransactionBuffer later = buffer(100, 50, new BufferLimits(100, 1000, 1 << 20));
        later.take(0, List.of(BEGIN));
        later.take(1, List.of(end(50, 0)));
        later.take(2, List.of(begin(51)));

        assertThatThrownBy(() -> later.take(3, List.of(end(51, 0))))
                .hasMessageContaining("not the one that was applied");
        assertThatThrownBy(() -> later.take(2, List.of(begin(52))))
                .hasMessageContaining("not the one that was applied");
    }

    @Test
    void handsOutPiecesOfATransactionThatReachesTheLimit() {
        buffer = buffer(0, 0, new BufferLimits(100, 3, 1 << 20));
        take(BEGIN, CHANGE, CHANGE);
        assertThat(buffer.isFull()).isFalse();
        assertThat(buffer.next()).isEmpty();

        take(CHANGE);
        assertThat(buffer.isFull()).isTrue();
        assertThat(piece().changes()).hasSize(3);
        assertThat(buffer.isFull()).isFalse();
        assertThat(buffer.heldBytes()).isZero();
        assertThat(buffer.next()).isEmpty();

        take(CHANGE);
        assertThat(piece().changes()).hasSize(1);
        take(CHANGE, CHANGE, end(1, 6));
        LastPiece last = (LastPiece) buffer.next().orElseThrow();
        assertThat(last.rest().changes()).hasSize(2);
        assertThat(last.rest().nextOffset()).isEqualTo(8);
        buffer.applied(8, LogSequenceNumber.valueOf(1));
        assertThat(buffer.next()).isEmpty();
    }

    @Test
    void reachesTheLimitByBytes() {
        ChangeEvent wide = new ChangeEvent.Delete(
                new TableName("s", "t"),
                new Tuple.Builder(1).add("v", "x".repeat(600)).build());
        buffer = buffer(0, 0, new BufferLimits(100, 1000, 1500));
        take(BEGIN, wide);
        assertThat(buffer.isFull()).isFalse();
        take(wide);

        assertThat(buffer.isFull()).isTrue();
        assertThat(piece().changes()).hasSize(2);
    }

    @Test
    void appliesWhatIsCompleteBeforeItBeginsALargeOne() {
        buffer = buffer(0, 0, new BufferLimits(100, 3, 1 << 20));
        transaction(1, 1);
        take(begin(2), CHANGE, CHANGE, CHANGE);

        assertThat(group().nextOffset()).isEqualTo(3);
        buffer.applied(3, LogSequenceNumber.valueOf(1));
        assertThat(piece().origin()).isEqualTo(new Origin(2, LogSequenceNumber.valueOf(1), false));
    }

    @Test
    void isFullOfTransactionsWithoutChangesAsWell() {
        buffer = buffer(0, 0, new BufferLimits(100, 3, 1 << 20));
        transaction(1, 0);
        transaction(2, 0);
        assertThat(buffer.isFull()).isFalse();
        transaction(3, 0);

        assertThat(buffer.isFull()).isTrue();
        assertThat(sizesOfGroups()).containsExactly(List.of(0, 0, 0));
        assertThat(buffer.isFull()).isFalse();
    }

    @Test
    void abandonsALargeOneThatBeginsAgain() {
        buffer = buffer(0, 0, new BufferLimits(100, 2, 1 << 20));
        take(BEGIN, CHANGE, CHANGE);
        assertThat(piece().changes()).hasSize(2);
        take(CHANGE, BEGIN, CHANGE, end(1, 1));

        assertThat(buffer.next()).contains(new Abandoned());
        assertThat(sizesOfGroups()).containsExactly(List.of(1));
    }

    @Test
    void holdsNothingOfALargeOneThatIsKnown() {
        buffer = buffer(7, 50, new BufferLimits(100, 2, 1 << 20));
        offset = 7;
        take(BEGIN, CHANGE, CHANGE);
        assertThat(buffer.heldChanges()).isZero();
        take(CHANGE, end(50, 3));

        assertThat(group()).isEqualTo(new Group(List.of(), 12));
    }

    @Test
    void staysAtARecordThatHoldsMoreThanTheGroup() {
        buffer.take(0, List.of(BEGIN, CHANGE, end(1, 1), begin(2), CHANGE));
        assertThat(group().nextOffset()).isEqualTo(0);
        buffer.applied(0, LogSequenceNumber.valueOf(1));
        assertThat(buffer.next()).isEmpty();

        buffer.take(1, List.of(CHANGE, end(2, 2)));
        assertThat(group().nextOffset()).isEqualTo(2);
    }

    @Test
    void skipsTheAppliedTailOfTheRecordItStartsWith() {
        buffer = buffer(7, 1, new BufferLimits(100, 1000, 1 << 20));

        buffer.take(7, List.of(CHANGE, end(1, 9), begin(2), CHANGE, end(2, 1)));

        assertThat(sizesOfGroups()).containsExactly(List.of(1));
    }

    @Test
    void aGroupTakesHalfOfWhatMayBeHeld() {
        buffer = buffer(0, 0, new BufferLimits(100, 10, 1 << 20));
        for (int number = 1; number <= 7; number++) {
            transaction(number, 2);
        }

        assertThat(sizesOfGroups()).containsExactly(List.of(2, 2), List.of(2, 2), List.of(2, 2), List.of(2));
    }

    @Test
    void tellsTheNextGroupBeforeTheFirstIsAppliedAndStaysWithIt() {
        buffer = buffer(0, 0, new BufferLimits(3, 1000, 1 << 20));
        transaction(1, 3);
        assertThat(buffer.following(group())).isEmpty();
        transaction(2, 1);

        Group following = buffer.following(group()).orElseThrow();
        transaction(3, 1);

        assertThat(following.transactions())
                .extracting(each -> each.commitLsn().asLong())
                .containsExactly(2L);
        assertThat(group().transactions())
                .extracting(each -> each.commitLsn().asLong())
                .containsExactly(1L);
        buffer.applied(group().nextOffset(), LogSequenceNumber.valueOf(1));
        assertThat(group()).isSameAs(following);
        buffer.applied(following.nextOffset(), LogSequenceNumber.valueOf(2));
        assertThat(group().transactions())
                .extracting(each -> each.commitLsn().asLong())
                .containsExactly(3L);
    }

    @Test
    void theNextGroupIsAnotherOneIfThatIsHowFarItWasApplied() {
        buffer = buffer(0, 0, new BufferLimits(2, 1000, 1 << 20));
        transaction(1, 1);
        transaction(2, 1);
        transaction(3, 1);
        Group following = buffer.following(group()).orElseThrow();

        buffer.applied(3, LogSequenceNumber.valueOf(1));

        assertThat(following.transactions())
                .extracting(each -> each.commitLsn().asLong())
                .containsExactly(3L);
        assertThat(group().transactions())
                .extracting(each -> each.commitLsn().asLong())
                .containsExactly(2L, 3L);
    }

    private Piece piece() {
        return (Piece) buffer.next().orElseThrow();
    }

    private void transaction(long number, int changes) {
        take(begin(number));
        for (int i = 0; i < changes; i++) {
            take(CHANGE);
        }
        take(end(number, changes));
    }

    private void take(ChangeEvent... events) {
        for (ChangeEvent event : events) {
            buffer.take(offset++, List.of(event));
        }
    }

    /** It follows the one with the number before. */
    private static ChangeEvent.Begin begin(long number) {
        return new ChangeEvent.Begin(number, LogSequenceNumber.valueOf(number - 1));
    }

    private static ChangeEvent.End end(long number, long count) {
        return new ChangeEvent.End(number, LogSequenceNumber.valueOf(number), 0, count);
    }

    private static TransactionBuffer buffer(long offset, long commitLsn, BufferLimits limits) {
        return new TransactionBuffer(offset, LogSequenceNumber.valueOf(commitLsn), limits);
    }

    private Group group() {
        return (Group) buffer.next().orElseThrow();
    }

    /** Changes by transaction by group, applying each group. */
    private List<List<Integer>> sizesOfGroups() {
        List<List<Integer>> sizes = new ArrayList<>();
        for (var next = buffer.next(); next.isPresent(); next = buffer.next()) {
            Group group = (Group) next.get();
            List<SourceTransaction> transactions = group.transactions();
            sizes.add(transactions.stream().map(each -> each.changes().size()).toList());
            buffer.applied(
                    group.nextOffset(),
                    transactions.get(transactions.size() - 1).commitLsn());
        }
        return sizes;
    }
}
