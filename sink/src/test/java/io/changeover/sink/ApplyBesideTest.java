package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.changeover.contract.ChangeEvent;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many changes are applied beside the task's thread. A lock on the table holds that up for as long as a test wants. */
@Timeout(60)
class ApplyBesideTest {

    private static final int MANY = 3000;

    private static final String LOCK = "begin; lock table public.t in share mode";

    private static final String BESIDE_NAME = "beside";

    private static final Executor BESIDE = job -> new Thread(job, BESIDE_NAME).start();

    private final ChangeTopic topic = new ChangeTopic();
    private TargetDatabase target;

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key)");
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void aPutComesBackBeforeItsChangesAreAppliedAndTheNextOneWaitsForThem() throws Exception {
        try (RunningSink sink = new RunningSink(target.settings())) {
            target.execute(LOCK);
            topic.transaction(10, many(0));
            sink.begin(topic.all());

            assertThat(sink.context.timeout).isPositive();
            assertThat(sink.committedOffset()).isZero();
            assertThat(rows()).isEqualTo("0");

            target.execute("commit");
            sink.put(List.of());

            assertThat(rows()).isEqualTo("3000");
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }
    }

    @Test
    void aFailureIsToldByTheNextPutAndTheSameRecordsComeAgain() throws Exception {
        try (RunningSink sink = new RunningSink(target.settings())) {
            target.execute(LOCK);
            topic.transaction(10, many(0));
            sink.begin(topic.all());
            target.terminateSink();

            assertThatThrownBy(() -> sink.put(List.of())).isInstanceOf(RetriableException.class);
            assertThat(sink.committedOffset()).isZero();

            target.execute("commit");
            sink.follow(topic, 10);
            assertThat(rows()).isEqualTo("3000");
        }
    }

    @Test
    void whatDoesNotPassStopsTheTaskAtTheNextPut() throws Exception {
        target.execute("insert into public.t values (2999)");
        try (RunningSink sink = new RunningSink(target.settings())) {
            topic.transaction(10, many(0));
            sink.begin(topic.all());

            assertThatThrownBy(() -> sink.put(List.of()))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("23505");
        }
        assertThat(rows()).isEqualTo("1");
    }

    @Test
    void aTaskThatIsStoppedWaitsForWhatIsUnderWay() throws Exception {
        try (RunningSink sink = new RunningSink(target.settings())) {
            topic.transaction(10, many(0));
            sink.begin(topic.all());
        }
        assertThat(rows()).isEqualTo("3000");
        try (RunningSink next = new RunningSink(target.settings())) {
            assertThat(next.context.soughtOffset()).isEqualTo(topic.end());
        }
    }

    @Test
    void recordsAreTakenInTheirOrderWhileOthersAreApplied() throws Exception {
        try (RunningSink sink = new RunningSink(target.settings())) {
            putMany(sink, 5);
            sink.put(List.of());

            assertThat(rows()).isEqualTo("15000");
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }
    }

    @Test
    void whatCameMeanwhileIsAppliedWithoutAnotherPut() throws Exception {
        try (RunningSink sink = new RunningSink(target.settings())) {
            target.execute(LOCK);
            putMany(sink, 3);
            assertThat(sink.committedOffset()).isZero();

            target.execute("commit");
            await().until(() -> sink.committedOffset() == topic.end());

            assertThat(rows()).isEqualTo("9000");
        }
    }

    @Test
    void aPutWaitsForRoom() throws Exception {
        try (RunningSink sink = new RunningSink(target.settings(), "transaction.buffer.changes", "4000")) {
            target.execute(LOCK);
            putMany(sink, 2);
            long before = topic.end();
            topic.transaction(20, many(2 * MANY));
            CompletableFuture<Void> put = CompletableFuture.runAsync(() -> sink.begin(topic.from(before)), BESIDE);
            awaitWaiting();
            assertThat(put).isNotDone();

            target.execute("commit");
            put.join();
            sink.put(List.of());

            assertThat(rows()).isEqualTo("9000");
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }
    }

    @Test
    void whatWaitsIsNotBegunWhenTheTaskIsStopped() throws Exception {
        RunningSink sink = new RunningSink(target.settings());
        target.execute(LOCK);
        topic.transaction(10, many(0));
        sink.begin(topic.all());
        awaitUnderWay();
        for (int put = 1; put < 3; put++) {
            long before = topic.end();
            topic.transaction(10 + put, many(put * MANY));
            sink.begin(topic.from(before));
        }
        CompletableFuture<Void> close = CompletableFuture.runAsync(sink::close, BESIDE);
        awaitWaiting();

        target.execute("commit");
        close.join();

        assertThat(rows()).isEqualTo("3000");
    }

    /** Each a transaction and a put of its own. */
    private void putMany(RunningSink sink, int puts) {
        for (int put = 0; put < puts; put++) {
            long before = put == 0 ? 0 : topic.end();
            topic.transaction(10 + put, many(put * MANY));
            sink.begin(topic.from(before));
        }
    }

    /** The first group waits for the lock, and whoever looked for a next one has found nothing. */
    private void awaitUnderWay() {
        await().until(() -> !target.query("select from pg_stat_activity where wait_event_type = 'Lock'"
                        + " and datname = current_database()")
                .isEmpty());
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(each -> each.getName().equals("changeover-look-ahead")));
    }

    private static void awaitWaiting() {
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(each -> each.getName().equals(BESIDE_NAME) && each.getState() == Thread.State.WAITING));
    }

    private static ChangeEvent[] many(int first) {
        return IntStream.range(first, first + MANY)
                .mapToObj(id -> insert("t", "id", String.valueOf(id)))
                .toArray(ChangeEvent[]::new);
    }

    private String rows() throws SQLException {
        return target.query("select count(*) from public.t").get(0);
    }
}
