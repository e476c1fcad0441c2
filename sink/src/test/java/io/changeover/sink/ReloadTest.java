package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.delete;
import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.truncate;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.ledger.LoadLedger;
import io.changeover.load.Reload;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A table is emptied and loaded again while the stream goes on. Transaction ids and commit LSNs are the same numbers.
 */
@Timeout(60)
class ReloadTest {

    private static final String STREAM = """
            select topic_offset, commit_lsn, transactions, replay_to, (select count(*) from changeover.loads
            where replayed or held_lsn is not null or held_offset is not null) from changeover.streams""";

    private TargetDatabase target;
    private ChangeTopic topic;

    @BeforeEach
    void createTables() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key, v text)");
        target.execute("create table public.u (id int primary key, v text)");
        topic = new ChangeTopic()
                .transaction(10, insert("t", "id", "1", "v", "x"), insert("u", "id", "1", "v", "x"))
                .transaction(20, insert("t", "id", "2", "v", "x"));
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void othersAreFollowedMeanwhileAndTheTableGetsWhatItsCopyHasNotSeen() throws Exception {
        try (RunningSink sink = sink()) {
            sink.follow(topic, 100);
            reload("t");
            topic.transaction(30, update("t", row("id", "1"), "id", "1", "v", "y"), insert("u", "id", "3", "v", "y"))
                    .transaction(40, insert("t", "id", "4", "v", "y"), delete("u", "id", "1"));
            step(sink);

            assertThat(target.query("select id, v from public.u")).containsExactly("3|y");
            assertThat(target.query("select count(*) from public.t")).containsExactly("0");

            copy("t", 31, "(1, 'y'), (2, 'x')");
            topic.transaction(50, delete("t", "id", "2"), insert("u", "id", "5", "v", "y"));
            sink.follow(topic, 1);
        }

        assertThat(target.query("select id, v from public.t order by id")).containsExactly("1|y", "4|y");
        assertThat(target.query("select id, v from public.u order by id")).containsExactly("3|y", "5|y");
        assertFollowed(50, 5);
    }

    @Test
    void nothingNeedsToComeForATableToBeFollowedAgain() throws Exception {
        try (RunningSink sink = sink()) {
            sink.follow(topic, 100);
            reload("t");
            copy("t", 21, "(1, 'x'), (2, 'x')");
            topic.transaction(30, insert("u", "id", "3", "v", "x"));
            sink.follow(topic, 100);
            topic.transaction(40, insert("t", "id", "4", "v", "y"));
            sink.follow(topic, 100);
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "2", "4");
        assertFollowed(40, 4);
    }

    /** It has written a piece and then comes to the table, which was put back into the queue meanwhile. */
    @Test
    void aLargeTransactionUnderWayIsAppliedWithoutIt() throws Exception {
        topic.begin(30, rows("u", 100, 150));
        try (RunningSink sink = sink()) {
            sink.put(topic.all());
            assertThat(target.query("select count(*) from pg_locks where relation = 'public.u'::regclass"))
                    .isNotEqualTo(List.of("0"));
            reload("t");
            topic.add(insert("t", "id", "3", "v", "y"));
            topic.add(new ChangeEvent.End(30, LogSequenceNumber.valueOf(30), 30, 0));
            step(sink);

            assertThat(target.query("select count(*) from public.t")).containsExactly("0");
            assertThat(target.query("select count(*) from public.u")).containsExactly("151");

            copy("t", 21, "(1, 'x'), (2, 'x')");
            sink.follow(topic, 100);
        }

        assertThat(target.query("select id, v from public.t order by id")).containsExactly("1|x", "2|x", "3|y");
        assertThat(target.query("select count(*) from public.u")).containsExactly("151");
        assertFollowed(30, 3);
    }

    @Test
    void nothingIsEmptiedWhileALargeTransactionIsWrittenToIt() throws Exception {
        topic.begin(30, rows("t", 100, 150));
        try (RunningSink sink = sink()) {
            sink.put(topic.all());

            assertThatThrownBy(() -> reload("t"))
                    .isInstanceOf(SQLException.class)
                    .hasFieldOrPropertyWithValue("SQLState", "55P03");
            assertThat(target.query("select count(*) from public.t")).containsExactly("2");
            assertThat(target.query("select loads_version from changeover.streams"))
                    .containsExactly("0");
        }
    }

    @Test
    void aLargeTransactionIsReadAgainForTheTableOnly() throws Exception {
        try (RunningSink sink = sink()) {
            sink.follow(topic, 100);
            reload("t");
            topic.transaction(30, mixed(100, 200)).transaction(40, insert("t", "id", "9", "v", "y"));
            step(sink);
            copy("t", 21, "(1, 'x'), (2, 'x')");
            topic.transaction(50, mixed(300, 200));
            sink.follow(topic, 13);
        }

        assertThat(target.query("select count(*) from public.t")).containsExactly("403");
        assertThat(target.query("select count(*) from public.u")).containsExactly("401");
        assertFollowed(50, 5);
    }

    @Test
    void aTableCanBePutBackWhileItIsPassedOverOrReplayed() throws Exception {
        try (RunningSink sink = sink()) {
            sink.follow(topic, 100);
            reload("t");
            topic.transaction(30, insert("t", "id", "3", "v", "y"));
            step(sink);
            reload("t");
            copy("t", 21, "(1, 'x'), (2, 'x')");
            topic.transaction(40, insert("t", "id", "4", "v", "y"), insert("u", "id", "4", "v", "y"));
            while (!target.query("select replay_to is not null from changeover.streams")
                    .equals(List.of("t"))) {
                sink.iterate(topic, 1);
            }
            reload("t");
            step(sink);
            copy("t", 31, "(1, 'x'), (2, 'x'), (3, 'y')");
            sink.follow(topic, 1);
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "2", "3", "4");
        assertThat(target.query("select id from public.u order by id")).containsExactly("1", "4");
        assertFollowed(40, 4);
    }

    @Test
    void severalTablesAreReplayedTogetherOrOneAfterTheOther() throws Exception {
        try (RunningSink sink = sink()) {
            sink.follow(topic, 100);
            reload("t");
            topic.transaction(30, insert("t", "id", "3", "v", "y"), insert("u", "id", "3", "v", "y"));
            step(sink);
            reload("u");
            topic.transaction(40, insert("t", "id", "4", "v", "y"), insert("u", "id", "4", "v", "y"));
            step(sink);
            copy("t", 21, "(1, 'x'), (2, 'x')");
            topic.transaction(50, truncate("u"), insert("u", "id", "5", "v", "y"), delete("t", "id", "1"));
            step(sink);
            copy("u", 41, "(1, 'x'), (3, 'y'), (4, 'y')");
            sink.follow(topic, 1);
        }

        assertThat(target.query("select id from public.t order by id")).containsExactly("2", "3", "4");
        assertThat(target.query("select id from public.u order by id")).containsExactly("5");
        assertFollowed(50, 5);
    }

    @Test
    void aTableThatIsNewIsPassedOverUntilItIsLoaded() throws Exception {
        target.execute("create table public.added (id int primary key, v text)");
        try (RunningSink sink = sink()) {
            sink.follow(topic, 100);
            reload("added");
            topic.transaction(30, insert("added", "id", "3", "v", "y"), insert("u", "id", "3", "v", "y"));
            step(sink);
            assertThat(target.query("select id from public.u order by id")).containsExactly("1", "3");
            copy("added", 25, "(1, 'x')");
            sink.follow(topic, 100);
        }

        assertThat(target.query("select id from public.added order by id")).containsExactly("1", "3");
        assertFollowed(30, 3);
    }

    private void assertFollowed(long commitLsn, int transactions) throws SQLException {
        assertThat(target.query(STREAM))
                .containsExactly(topic.end() + "|"
                        + LogSequenceNumber.valueOf(commitLsn).asString() + "|" + transactions + "|null|0");
    }

    private RunningSink sink() {
        return new RunningSink(
                target.settings(), "batch.size", "20", "transaction.buffer.changes", "40", "retry.backoff.ms", "1");
    }

    /** As the command has it; the table has its own name on both sides. */
    private void reload(String table) throws SQLException {
        Reload.begin(target.settings(), target.settings(), ChangeTopic.NAME, ChangeTopic.name(table));
    }

    /** What a loader does, with a snapshot that sees all transactions below a number. */
    private void copy(String table, long next, String rows) throws SQLException {
        target.execute("insert into public." + table + " values " + rows);
        LoadLedger.finish(
                target.connection(),
                ChangeTopic.name(table),
                1,
                1,
                next + ":" + next + ":",
                LogSequenceNumber.valueOf(next + 100));
    }

    /** All that is in the topic, without a wait for a load. */
    private void step(RunningSink sink) throws SQLException {
        String all = String.valueOf(topic.end());
        while (!target.query("select topic_offset from changeover.streams").equals(List.of(all))) {
            sink.iterate(topic, 100);
        }
    }

    private static ChangeEvent[] rows(String table, int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(id -> insert(table, "id", String.valueOf(id), "v", "z"))
                .toArray(ChangeEvent[]::new);
    }

    private static ChangeEvent[] mixed(int first, int count) {
        return IntStream.range(first, first + count)
                .boxed()
                .flatMap(id -> List.of("t", "u").stream().map(table -> insert(table, "id", "" + id, "v", "z")))
                .toArray(ChangeEvent[]::new);
    }
}
