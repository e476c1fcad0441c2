package io.changeover.sink.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import io.changeover.sink.group.BrokenStreamException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

/** Transactions have xid = commit LSN. */
class ChainTest {

    private static final ChangeEvent CHANGE = new ChangeEvent.Insert(new TableName("s", "t"), Tuple.EMPTY);

    private Chain chain = after(30);

    @Test
    void aTransactionThatFollowsTheLastOneIsNew() {
        assertThat(newOf(begin(40, 30), CHANGE, end(40, 1), begin(50, 40), end(50, 0)))
                .hasSize(5);
        assertThat(chain.last()).isEqualTo(lsn(50));
    }

    @Test
    void aTransactionThatFollowsAnEarlierOneIsKnown() {
        assertThat(newOf(begin(20, 10), CHANGE, end(20, 1), begin(30, 20), end(30, 0)))
                .isEmpty();
        assertThat(chain.last()).isEqualTo(lsn(30));
    }

    @Test
    void aTransactionThatFollowsALaterOneSaysThatOneIsMissing() {
        assertBroken(Kind.TRANSACTIONS_MISSING, begin(50, 40), "transaction 50", "0/28", "0/1E");
    }

    @Test
    void aTransactionThatShouldBeKnownAndIsNotSaysThatOneIsMissing() {
        chain.isNew(begin(35, 20));

        assertBroken(Kind.TRANSACTION_BROKEN, end(35, 0), "0/23", "0/1E");
    }

    @Test
    void theFirstTransactionFollowsTheBeginning() {
        chain = after(0);

        assertThat(newOf(started(5), begin(7, 5), end(7, 0))).hasSize(2);
    }

    @Test
    void theLastOfSeveralBeginningsCounts() {
        chain = after(0);

        assertThat(newOf(started(5), started(6), begin(7, 6), end(7, 0))).hasSize(2);
    }

    @Test
    void aTopicWithoutItsBeginningIsNoticed() {
        chain = after(0);

        assertBroken(Kind.TRANSACTIONS_MISSING, begin(7, 5), "beginning of the topic was not there", "0/5");
    }

    @Test
    void aFirstTransactionThatIsMissingIsNoticed() {
        chain = after(0);
        chain.isNew(started(5));

        assertBroken(Kind.TRANSACTIONS_MISSING, begin(8, 7), "0/7", "0/5");
    }

    @Test
    void aCaptureThatBeginsAnewBehindTransactionsIsNoticed() {
        assertThat(chain.isNew(started(30))).isFalse();

        assertBroken(Kind.TRANSACTIONS_MISSING, started(31), "begun anew", "0/1F", "0/1E");
    }

    @Test
    void aTransactionThatWasCutOffComesAgain() {
        assertThat(newOf(begin(40, 30), CHANGE, begin(40, 30), CHANGE, CHANGE, end(40, 2)))
                .hasSize(6);
    }

    @Test
    void aRestartOfTheCaptureInsideATransactionSendsKnownOnesFirst() {
        assertThat(newOf(begin(40, 30), CHANGE, begin(20, 10), end(20, 0), begin(30, 20), end(30, 0), begin(40, 30)))
                .hasSize(3);
    }

    @Test
    void aRecordThatIsMissingInsideATransactionIsNoticed() {
        newOf(begin(40, 30), CHANGE);

        assertBroken(Kind.TRANSACTION_BROKEN, end(40, 2), "not whole", "1 events", "says 2");
    }

    @Test
    void anEndOfAnotherTransactionIsNoticed() {
        newOf(begin(40, 30));

        assertBroken(Kind.TRANSACTION_BROKEN, end(50, 0), "not whole");
    }

    @Test
    void anythingBetweenTransactionsIsNoticed() {
        newOf(begin(40, 30), end(40, 0));

        assertBroken(Kind.TRANSACTION_BROKEN, new ChangeEvent.Message("changeover", "heartbeat"), "outside");
        assertBroken(Kind.TRANSACTION_BROKEN, CHANGE, "outside");
        assertBroken(Kind.TRANSACTION_BROKEN, end(40, 0), "beginning is missing");
    }

    @Test
    void theTailOfAKnownTransactionIsPassedOver() {
        assertThat(newOf(CHANGE, end(30, 9), begin(40, 30))).hasSize(1);
    }

    @Test
    void theTailOfATransactionThatIsNotKnownIsNoticed() {
        newOf(CHANGE);

        assertBroken(Kind.TRANSACTION_BROKEN, end(40, 9), "beginning is missing", "0/28", "0/1E");
    }

    @Test
    void whatIsNewBelowThePositionIsOfAnotherTopic() {
        List.of(begin(40, 30), end(30, 0), CHANGE, started(3)).forEach(chain::requireKnown);

        for (ChangeEvent event : List.of(begin(50, 40), end(40, 0))) {
            assertThatThrownBy(() -> chain.requireKnown(event))
                    .isInstanceOfSatisfying(
                            BrokenStreamException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.OTHER_TOPIC));
        }
    }

    private List<ChangeEvent> newOf(ChangeEvent... events) {
        List<ChangeEvent> found = new ArrayList<>();
        for (ChangeEvent event : events) {
            if (chain.isNew(event)) {
                found.add(event);
            }
        }
        return found;
    }

    private void assertBroken(Kind kind, ChangeEvent event, String... parts) {
        assertThatThrownBy(() -> chain.isNew(event))
                .isInstanceOfSatisfying(
                        BrokenStreamException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContainingAll(parts)
                .hasMessageContaining("Migrate this database again");
    }

    private static Chain after(long commitLsn) {
        return new Chain(lsn(commitLsn));
    }

    private static ChangeEvent started(long consistentPoint) {
        return new ChangeEvent.Started(lsn(consistentPoint));
    }

    private static ChangeEvent begin(long number, long after) {
        return new ChangeEvent.Begin(number, lsn(after));
    }

    private static ChangeEvent end(long number, long count) {
        return new ChangeEvent.End(number, lsn(number), 0, count);
    }

    private static LogSequenceNumber lsn(long number) {
        return LogSequenceNumber.valueOf(number);
    }
}
