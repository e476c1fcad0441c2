package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.truncate;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
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
    void showsAPositionWhenOnlyTheCaptureHasStarted() throws Exception {
        try (RunningSink sink = new RunningSink(target.settings())) {
            assertThat(sink.context.soughtOffset()).isEqualTo(0);
            sink.put(topic.all());

            assertThat(sink.committedOffset()).isEqualTo(1);
            assertThat(target.query("select topic_offset, commit_lsn, committed_at from changeover.streams"))
                    .containsExactly("1|0/0|null");
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
    void goesOnAfterALostConnectionWithTheSameBatch() throws Exception {
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
            assertThat(sink.context.timeout).isEqualTo(5);
            sink.put(topic.from(next));
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
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "2");
        assertThat(target.query("select transactions from changeover.streams")).containsExactly("2");
    }

    @Test
    void stopsAfterTheLastRetry() throws Exception {
        topic.transaction(10, insert("t", "id", "1"));
        ServerSettings mover = createMover();
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
    void waitsUntilATableIsLoadedAndAppliesWhatTheCopyDidNotSee() throws Exception {
        Ledger.create(target.connection());
        LoadLedger.enqueue(target.connection(), List.of(new LoadLedger.Entry(ChangeTopic.name("t"), 1, 1)));
        target.execute("create table public.other (id int)");
        topic.transaction(10, insert("other", "id", "1"))
                .transaction(90, insert("t", "id", "90"), insert("other", "id", "2"))
                .transaction(105, insert("t", "id", "105"))
                .transaction(104, truncate("t"))
                .transaction(120, insert("t", "id", "120"));
        try (RunningSink sink = new RunningSink(target.settings(), "retry.backoff.ms", "5")) {
            assertThatThrownBy(() -> sink.put(topic.all()))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("Table public.t is not loaded yet");
            assertThat(sink.context.timeout).isEqualTo(5);
            assertThat(target.query("select id from public.other")).containsExactly("1");
            assertThat(sink.committedOffset()).isEqualTo(4);

            target.execute("insert into public.t values (90)");
            LoadLedger.finish(
                    target.connection(), ChangeTopic.name("t"), 1, 1, "100:110:105", LogSequenceNumber.valueOf(1000));
            sink.put(topic.all());
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("90", "105", "120");
        assertThat(target.query("select id from public.other order by id")).containsExactly("1", "2");
    }

    @Test
    void truncatesTablesWithForeignKeysBetweenThem() throws Exception {
        target.execute("create table public.a (id int generated always as identity primary key)");
        target.execute("create table public.b (id int primary key references public.a)");
        target.execute("insert into public.a default values; insert into public.b values (1)");
        topic.transaction(10, truncate("a"), truncate("b"), insert("a", "id", "7"))
                .transaction(20, truncate("a"));

        apply(target.settings());

        assertThat(target.query("select id from public.a")).isEmpty();
        assertThat(target.query("select id from public.b")).isEmpty();
        assertThat(target.query("select table_name, inserts, truncates from changeover.counters order by 1"))
                .containsExactly("a|1|2", "b|0|1");
        target.execute("insert into public.a default values");
        assertThat(target.query("select id from public.a")).containsExactly("2");
    }

    @Test
    void foreignKeysAndTriggersAreSilent() throws Exception {
        target.execute("create table public.p (id int primary key)");
        target.execute("create table public.c (id int primary key references public.p on delete cascade)");
        target.execute("insert into public.p values (1); insert into public.c values (1)");
        target.execute("create function public.refuse() returns trigger language plpgsql as"
                + " $$begin raise 'a trigger ran'; end$$");
        target.execute("create trigger refuse before insert or delete on public.c"
                + " for each row execute function public.refuse()");
        topic.transaction(10, insert("c", "id", "2"), ChangeTopic.delete("p", "id", "1"));

        apply(target.settings());

        assertThat(target.query("select id from public.c order by id")).containsExactly("1", "2");
    }

    @Test
    void recordsAMarkerWithWhatLiesBeforeIt() throws Exception {
        Marker marker = new Marker("cutover-1");
        topic.transaction(10, insert("t", "id", "1"))
                .transaction(20, new ChangeEvent.Message(Marker.PREFIX, marker.content()))
                .transaction(30, new ChangeEvent.Message(Marker.PREFIX, Marker.HEARTBEAT));

        apply(target.settings());

        assertThat(StreamLedger.hasMarker(target.connection(), ChangeTopic.NAME, marker))
                .isTrue();
        assertThat(target.query("select count(*) from changeover.markers")).containsExactly("1");
    }

    @Test
    void aRoleWithoutSuperuserNeedsTheGrantAndSaysSo() throws Exception {
        ServerSettings mover = createMover();
        target.execute("revoke set on parameter session_replication_role from " + mover.user());
        topic.transaction(10, insert("t", "id", "1"));

        assertThatThrownBy(() -> apply(mover))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("grant set on parameter session_replication_role to \"" + mover.user() + "\"");

        target.execute("grant set on parameter session_replication_role to " + mover.user());
        apply(mover);
        assertThat(target.query("select id from public.t")).containsExactly("1");
    }

    @Test
    void opensLaterIfTheTargetIsAway() throws Exception {
        topic.transaction(10, insert("t", "id", "1"));
        ServerSettings mover = createMover();
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
            assertThatThrownBy(() -> sink.put(List.of(record(8, Map.of("op", "c", "after", "s3cr3t")))))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("stream-0@8")
                    .hasMessageNotContaining("s3cr3t");
        }
    }

    @Test
    void readsNewValuesOfARowInsideOneGroup() throws Exception {
        target.execute("alter table public.t add primary key (id)");
        for (int i = 0; i < 50; i++) {
            topic.transaction(
                    10 + i,
                    i == 0
                            ? insert("t", "id", "1", "v", "0")
                            : update("t", row("id", "1"), "id", "1", "v", String.valueOf(i)));
        }

        apply(target.settings());

        assertThat(target.query("select v from public.t")).containsExactly("49");
    }

    /** A role without superuser that may do what the sink needs. */
    private ServerSettings createMover() throws SQLException {
        String role = "mover_" + target.settings().database();
        target.execute("create role " + role + " login password 'pw'");
        target.execute("grant create on database " + target.settings().database() + " to " + role);
        target.execute("grant set on parameter session_replication_role to " + role);
        target.execute("grant all on public.t to " + role);
        return target.settings(role, "pw");
    }

    private void apply(ServerSettings settings) {
        try (RunningSink sink = new RunningSink(settings)) {
            sink.put(topic.all());
        }
    }

    private static SinkRecord record(long offset, Object value) {
        return new SinkRecord(ChangeTopic.NAME, 0, null, null, null, value, offset);
    }

    private static ChangeEvent end(long number) {
        return new ChangeEvent.End(number, LogSequenceNumber.valueOf(number), 0, List.of());
    }
}
