package io.changeover.sink.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class TransactionBufferTest {

    private static final ChangeEvent CHANGE = new ChangeEvent.Insert(new TableName("s", "t"), Tuple.EMPTY);

    private final TransactionBuffer buffer = new TransactionBuffer(0, LogSequenceNumber.valueOf(0));
    private long offset;

    @Test
    void keepsATransactionUntilItsEndArrives() {
        take(new ChangeEvent.Begin(1), CHANGE);
        assertThat(buffer.next(100)).isEmpty();

        take(CHANGE, end(1));

        Group group = buffer.next(100).orElseThrow();
        assertThat(group.transactions())
                .extracting(each -> each.changes().size())
                .containsExactly(2);
        assertThat(group.nextOffset()).isEqualTo(4);
    }

    @Test
    void groupsWholeTransactionsUpToTheSize() {
        transaction(1, 3);
        transaction(2, 2);
        transaction(3, 9);
        transaction(4, 1);

        assertThat(sizesOfGroups(5)).containsExactly(List.of(3, 2), List.of(9), List.of(1));
    }

    @Test
    void dropsATransactionThatBeginsAgain() {
        take(new ChangeEvent.Begin(1), CHANGE, CHANGE);
        transaction(1, 3);

        assertThat(sizesOfGroups(100)).containsExactly(List.of(3));
    }

    @Test
    void dropsAnUnfinishedTransactionWhenTheCaptureStartsAgain() {
        take(new ChangeEvent.Begin(1), CHANGE, new ChangeEvent.Started(LogSequenceNumber.valueOf(5)));

        Group group = buffer.next(100).orElseThrow();
        assertThat(group.transactions()).isEmpty();
        assertThat(group.nextOffset()).isEqualTo(3);
    }

    @Test
    void takesATransactionOnceThatIsSentTwice() {
        transaction(1, 1);
        transaction(2, 2);
        transaction(1, 1);
        transaction(2, 2);
        transaction(3, 3);

        assertThat(sizesOfGroups(100)).containsExactly(List.of(1, 2, 3));
    }

    @Test
    void skipsWhatIsNotAboveThePositionButMovesOverIt() {
        TransactionBuffer later = new TransactionBuffer(0, LogSequenceNumber.valueOf(2));
        later.take(0, List.of(new ChangeEvent.Begin(1)));
        later.take(1, List.of(end(2)));

        Group group = later.next(100).orElseThrow();

        assertThat(group.transactions()).isEmpty();
        assertThat(group.nextOffset()).isEqualTo(2);
    }

    @Test
    void ignoresRecordsThatItHasTaken() {
        take(new ChangeEvent.Begin(1), CHANGE);
        buffer.take(0, List.of(new ChangeEvent.Begin(1)));
        buffer.take(1, List.of(CHANGE));
        take(end(1));

        assertThat(sizesOfGroups(100)).containsExactly(List.of(1));
    }

    @Test
    void forgetsWhatALostCommitHasApplied() {
        transaction(1, 1);
        transaction(2, 2);

        buffer.applied(3, LogSequenceNumber.valueOf(1));

        assertThat(sizesOfGroups(100)).containsExactly(List.of(2));
    }

    @Test
    void movesOverMessagesBetweenTransactions() {
        take(new ChangeEvent.Message("changeover", "heartbeat"));

        assertThat(buffer.next(100).orElseThrow().nextOffset()).isEqualTo(1);
    }

    @Test
    void refusesAChangeOutsideOfATransaction() {
        assertThatThrownBy(() -> take(CHANGE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> take(end(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void noticesThatTheTopicWasMadeAnew() {
        TransactionBuffer later = new TransactionBuffer(100, LogSequenceNumber.valueOf(50));
        later.take(0, List.of(new ChangeEvent.Begin(1)));
        later.take(1, List.of(end(50)));

        assertThatThrownBy(() -> later.take(2, List.of(end(51)))).hasMessageContaining("not the one that was applied");
    }

    private void transaction(long number, int changes) {
        take(new ChangeEvent.Begin(number));
        for (int i = 0; i < changes; i++) {
            take(CHANGE);
        }
        take(end(number));
    }

    private void take(ChangeEvent... events) {
        for (ChangeEvent event : events) {
            buffer.take(offset++, List.of(event));
        }
    }

    private static ChangeEvent.End end(long number) {
        return new ChangeEvent.End(number, LogSequenceNumber.valueOf(number), 0);
    }

    /** Changes by transaction by group, applying each group. */
    private List<List<Integer>> sizesOfGroups(int maxChanges) {
        java.util.ArrayList<List<Integer>> sizes = new java.util.ArrayList<>();
        for (var next = buffer.next(maxChanges); next.isPresent(); next = buffer.next(maxChanges)) {
            List<SourceTransaction> transactions = next.get().transactions();
            sizes.add(transactions.stream().map(each -> each.changes().size()).toList());
            buffer.applied(
                    next.get().nextOffset(),
                    transactions.get(transactions.size() - 1).commitLsn());
        }
        return sizes;
    }
}
