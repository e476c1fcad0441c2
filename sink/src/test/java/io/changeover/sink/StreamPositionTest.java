package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.ledger.StreamLedger;
import io.changeover.postgres.ServerSettings;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** Where a stream is after all that can happen to a task, and that each change has landed once. */
@Timeout(60)
class StreamPositionTest {

    private TargetDatabase target;
    private final ChangeTopic topic = new ChangeTopic();

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int, v text)");
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void staysAtTheBeginningOfTheTopicUntilATransactionIsApplied() throws Exception {
        try (RunningSink sink = new RunningSink(target.settings())) {
            assertThat(sink.context.soughtOffset()).isEqualTo(0);
            sink.put(topic.all());

            assertThat(sink.committedOffset()).isZero();
            assertThat(target.query("select topic_offset, commit_lsn, committed_at from changeover.streams"))
                    .containsExactly("0|0/0|null");
            sink.put(topic.transaction(10, insert("t", "id", "1")).from(1));
            assertThat(sink.committedOffset()).isEqualTo(4);
        }
    }

    @Test
    void redeliveryFromTheBeginningChangesNothing() throws Exception {
        topic.transaction(10, insert("t", "id", "1")).transaction(20, insert("t", "id", "2"));
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.all()).put(topic.all());
            sink.rebalance();
            assertThat(sink.context.soughtOffset()).isEqualTo(topic.end());
            sink.put(topic.all());
        }
        topic.transaction(10, insert("t", "id", "1")).transaction(30, insert("t", "id", "3"));
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.all());
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "2", "3");
        assertThat(target.query("select transactions from changeover.streams")).containsExactly("3");
    }

    @Test
    void anUnfinishedTransactionWaitsForItsEndOrForItsSecondComing() throws Exception {
        topic.transaction(10, insert("t", "id", "1")).begin(20, insert("t", "id", "2"));
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.all());
            assertThat(sink.committedOffset()).isEqualTo(4);
            long next = topic.end();
            sink.put(topic.transaction(20, insert("t", "id", "2"), insert("t", "id", "3"))
                    .from(next));
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "2", "3");
    }

    @Test
    void aRebalanceForgetsWhatIsUnfinishedAndSeeksToThePosition() throws Exception {
        topic.transaction(10, insert("t", "id", "1")).begin(20, insert("t", "id", "2"));
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.all());
            sink.rebalance();
            assertThat(sink.context.soughtOffset()).isEqualTo(4);
            topic.add(end(20));
            sink.put(topic.from(4));
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "2");
    }

    @Test
    void aSecondTaskFencesTheFirst() throws Exception {
        RunningSink first = new RunningSink(target.settings());
        first.put(topic.transaction(10, insert("t", "id", "1")).all());
        long next = topic.end();
        topic.transaction(20, insert("t", "id", "2"));
        try (RunningSink second = new RunningSink(target.settings())) {
            assertThatThrownBy(() -> first.put(topic.from(next)))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("fenced");
            second.put(topic.from(next));
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "2");
    }

    @Test
    void aTaskThatWasReplacedWhileItHadNoConnectionDoesNotTakeTheStreamBack() throws Exception {
        RunningSink first = new RunningSink(target.settings(), "retry.backoff.ms", "5");
        first.put(topic.transaction(10, insert("t", "id", "1")).all());
        target.terminateSink();
        long next = topic.end();
        topic.transaction(20, insert("t", "id", "2"));
        try (RunningSink second = new RunningSink(target.settings())) {
            assertThatThrownBy(() -> first.put(topic.from(next))).isInstanceOf(RetriableException.class);
            assertThatThrownBy(() -> first.put(topic.from(next))).hasMessageContaining("fenced");
            second.put(topic.from(next));
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "2");
    }

    @Test
    void goesOnFromThePositionAfterALostConnection() throws Exception {
        try (RunningSink sink = new RunningSink(target.settings(), "retry.backoff.ms", "5")) {
            sink.put(topic.transaction(10, insert("t", "id", "1"))
                    .begin(20, insert("t", "id", "2"))
                    .all());
            target.terminateSink();
            long next = topic.end();
            topic.add(end(20)).transaction(30, insert("t", "id", "3"));

            assertThatThrownBy(() -> sink.put(topic.from(next)))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("57P01");
            assertThat(sink.context.timeout).isBetween(1L, 5L);
            sink.put(topic.from(next));
            assertThat(sink.context.soughtOffset()).isEqualTo(4);
            assertThat(sink.heldBytes()).isZero();
            sink.put(topic.from(4));
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "2", "3");
    }

    @Test
    void aCommitWhoseAnswerWasLostIsNotAppliedAgain() throws Exception {
        try (RunningSink sink = new RunningSink(target.settings(), "retry.backoff.ms", "5")) {
            sink.put(topic.all());
            target.terminateSink();
            topic.transaction(10, insert("t", "id", "1")).transaction(20, insert("t", "id", "2"));
            assertThatThrownBy(() -> sink.put(topic.from(1))).isInstanceOf(RetriableException.class);

            target.execute("insert into public.t values (1)");
            StreamLedger.advance(
                    target.connection(),
                    ChangeTopic.NAME,
                    new StreamLedger.Position(1, 4, LogSequenceNumber.valueOf(10)),
                    1,
                    0);
            sink.put(topic.from(1));
            assertThat(sink.context.soughtOffset()).isEqualTo(4);
            sink.put(topic.from(4));
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "2");
        assertThat(target.query("select transactions from changeover.streams")).containsExactly("2");
    }

    @Test
    void stopsAfterTheLastRetry() throws Exception {
        topic.transaction(10, insert("t", "id", "1"));
        ServerSettings mover = target.createMover("t");
        try (RunningSink sink = new RunningSink(mover, "retry.backoff.ms", "5", "max.retries", "1")) {
            target.execute("alter role " + mover.user() + " connection limit 0");
            target.terminateSink();
            assertThatThrownBy(() -> sink.put(topic.all())).isInstanceOf(RetriableException.class);

            assertThatThrownBy(() -> sink.put(topic.all()))
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("53300")
                    .hasMessageContaining("gave up after 1 retries");
        }
    }

    @Test
    void opensLaterIfTheTargetIsAway() throws Exception {
        topic.transaction(10, insert("t", "id", "1"));
        ServerSettings mover = target.createMover("t");
        target.execute("alter role " + mover.user() + " connection limit 0");
        try (RunningSink sink = new RunningSink(mover, "retry.backoff.ms", "5")) {
            assertThatThrownBy(() -> sink.put(topic.from(2))).isInstanceOf(RetriableException.class);
            target.execute("alter role " + mover.user() + " connection limit -1");

            sink.put(topic.from(2));
            assertThat(sink.context.soughtOffset()).isEqualTo(0);
            sink.put(topic.all());
        }

        assertThat(target.query("select id from public.t")).containsExactly("1");
    }

    @Test
    void refusesARecordThatIsNoChangeAndNamesItsPlace() throws Exception {
        try (RunningSink sink = new RunningSink(target.settings())) {
            assertThatThrownBy(() -> sink.put(List.of(record(7, "s3cr3t"))))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("stream-0@7")
                    .hasMessageNotContaining("s3cr3t");
        }
        try (RunningSink sink = new RunningSink(target.settings())) {
            assertThatThrownBy(() -> sink.put(List.of(record(8, Map.of("op", "c", "after", "s3cr3t")))))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("stream-0@8")
                    .hasMessageNotContaining("s3cr3t");
        }
    }

    private static SinkRecord record(long offset, Object value) {
        return new SinkRecord(ChangeTopic.NAME, 0, null, null, null, value, offset);
    }

    private static ChangeEvent end(long number) {
        return new ChangeEvent.End(number, LogSequenceNumber.valueOf(number), 0, 0);
    }
}
