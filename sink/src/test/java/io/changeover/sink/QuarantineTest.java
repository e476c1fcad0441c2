package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.delete;
import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.truncate;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
import io.changeover.ledger.ReloadLedger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

/** What becomes of a change that cannot be applied, of its table, and of the others. */
@Timeout(60)
class QuarantineTest {

    private static final String CHANGE = "select state, schema_name || '.' || table_name, operation, commit_lsn, xid,"
            + " sqlstate, failures, held_back from changeover.quarantine order by 2";

    private TargetDatabase target;
    private final ChangeTopic topic = new ChangeTopic();

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key, v int)");
        target.execute("create table public.u (id int primary key, v text)");
        Ledger.create(target.connection());
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void aChangeThatStopsTheStreamIsNamedExactly() throws Exception {
        for (int i = 0; i < 300; i++) {
            topic.transaction(
                    0x100 + i, insert("t", "id", "" + i, "v", i == 222 ? "x" : "1"), insert("u", "id", "" + i));
        }

        stops("Insert into public.t at commit LSN 0/1DE: 22P02");

        assertThat(target.query(CHANGE)).containsExactly("stopped|public.t|insert|0/1DE|478|22P02|1|0");
        assertThat(target.query("select key_hash = encode(sha256(convert_to('222', 'UTF8')), 'hex'), message"
                        + " from changeover.quarantine"))
                .containsExactly("t|22P02: invalid input syntax for type integer: (value)");
        assertThat(target.query("select count(*) from public.u")).containsExactly("222");
        assertThat(target.query("select commit_lsn, transactions from changeover.streams"))
                .containsExactly("0/1DD|222");
    }

    @Test
    void isCountedAtEveryAttemptAndGoneWhenItIsApplied() throws Exception {
        target.execute("insert into public.t values (7, 7)");
        topic.transaction(0x10, insert("t", "id", "1", "v", "1"), insert("t", "id", "7", "v", "1"));
        stops("23505");
        stops("23505");
        assertThat(target.query(CHANGE)).containsExactly("stopped|public.t|insert|0/10|16|23505|2|0");

        target.execute("delete from public.t where id = 7");
        applies("stop");

        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "7");
        assertThat(target.query(CHANGE)).isEmpty();
    }

    @Test
    void staysInTheQuarantineWhileOnlyWhatIsBeforeItIsApplied() throws Exception {
        target.execute("insert into public.t values (7, 7)");
        topic.transaction(0x10, insert("u", "id", "1")).transaction(0x20, insert("t", "id", "7"));
        for (int attempt = 1; attempt <= 2; attempt++) {
            try (RunningSink sink = sink("stop", "batch.size", "1")) {
                assertThatThrownBy(() -> sink.put(topic.all())).hasMessageContaining("23505");
            }
            assertThat(target.query(CHANGE)).containsExactly("stopped|public.t|insert|0/20|32|23505|" + attempt + "|0");
        }
        assertThat(target.query("select id from public.u")).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 10_000})
    void aTableIsSetAsideFromItsTransactionOnAndTheOthersGoOn(int batchSize) throws Exception {
        topic.transaction(0x10, insert("t", "id", "1", "v", "1"), insert("u", "id", "1"))
                .transaction(
                        0x20,
                        insert("t", "id", "2", "v", "1"),
                        insert("t", "id", "3", "v", "x"),
                        insert("u", "id", "2"))
                .transaction(0x30, insert("t", "id", "4", "v", "1"), insert("u", "id", "3"))
                .transaction(0x40, truncate("t"), update("u", row("id", "1"), "id", "1", "v", "new"))
                .transaction(0x50, delete("t", "id", "4"));
        try (RunningSink sink = sink("stop-table", "batch.size", "" + batchSize)) {
            sink.put(topic.all());
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }
        topic.transaction(0x60, delete("t", "id", "1"), delete("u", "id", "2"));
        applies("stop");

        assertThat(target.query("select id, v from public.t")).containsExactly("1|1");
        assertThat(target.query("select id, v from public.u order by id")).containsExactly("1|new", "3|null");
        assertThat(target.query(CHANGE)).containsExactly("set aside|public.t|insert|0/20|32|22P02|1|6");
        assertThat(target.query("select inserts, deletes, truncates from changeover.counters where table_name = 't'"))
                .containsExactly("1|0|0");
    }

    @Test
    void severalTablesAreSetAsideEachForAReasonOfItsOwn() throws Exception {
        topic.transaction(
                        0x10, insert("missing", "id", "1"), insert("t", "id", "1", "more", "1"), insert("u", "id", "1"))
                .transaction(0x20, update("u", row("id", "9"), "id", "9", "v", "x"), insert("missing", "id", "2"));
        target.execute("create table public.w (id int primary key)");
        topic.transaction(0x30, insert("w", "id", "1"));

        applies("stop-table");

        assertThat(target.query(CHANGE))
                .containsExactly(
                        "set aside|public.missing|insert|0/10|16|42P01|1|2",
                        "set aside|public.t|insert|0/10|16|42703|1|1",
                        "set aside|public.u|update|0/20|32|02000|1|1");
        assertThat(target.query("select id from public.u")).containsExactly("1");
        assertThat(target.query("select id from public.w")).containsExactly("1");
    }

    @Test
    void oneChangeOfManySetsAsideItsTableOnly() throws Exception {
        target.execute("create table public.w (id int, v text check (v <> 'x'))");
        ChangeEvent[] changes = IntStream.range(0, 500)
                .boxed()
                .flatMap(i -> Stream.of(
                        insert("t", "id", "" + i),
                        insert("u", "id", "" + i),
                        insert("w", "id", "" + i, "v", i == 450 ? "x" : "y")))
                .toArray(ChangeEvent[]::new);
        topic.transaction(0x10, changes);

        applies("stop-table");

        assertThat(target.query("select (select count(*) from public.t), (select count(*) from public.u),"
                        + " (select count(*) from public.w)"))
                .containsExactly("500|500|0");
        assertThat(target.query(CHANGE)).containsExactly("set aside|public.w|insert|0/10|16|23514|1|500");
    }

    @Test
    void aConstraintThatIsCheckedAtTheCommitNamesItsTable() throws Exception {
        target.execute("create function public.check_v() returns trigger language plpgsql as $$begin"
                + " if exists (select from public.u where v = new.v and id <> new.id) then"
                + " raise 'twice: %', new.v using errcode = '23505', schema = tg_table_schema, table = tg_table_name;"
                + " end if; return null; end$$");
        target.execute("create constraint trigger twice after insert on public.u deferrable initially deferred"
                + " for each row execute function public.check_v()");
        target.execute("alter table public.u enable always trigger twice");
        topic.transaction(0x10, insert("t", "id", "1"), insert("u", "id", "1", "v", "same"))
                .transaction(0x20, insert("u", "id", "2", "v", "same"), insert("t", "id", "2"));

        try (RunningSink sink = sink("stop-table", "constraint.guard", "none")) {
            sink.put(topic.all());
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }

        assertThat(target.query("select id from public.t order by 1")).containsExactly("1", "2");
        assertThat(target.query("select id from public.u")).containsExactly("1");
        assertThat(target.query(CHANGE)).containsExactly("set aside|public.u|commit|0/20|32|23505|1|1");
        assertThat(target.query(
                        "select key_hash = '', message like '%raised by a function%'" + " from changeover.quarantine"))
                .containsExactly("t|t");
    }

    @Test
    void aTruncateThatIsRefusedIsNamed() throws Exception {
        var mover = target.createMover("t");
        target.execute("grant usage on schema changeover to " + mover.user());
        target.execute("grant all on all tables in schema changeover to " + mover.user());
        target.execute("grant insert on public.u to " + mover.user());
        topic.transaction(0x10, insert("t", "id", "1"), truncate("t"), truncate("u"), insert("t", "id", "2"));
        try (RunningSink sink = new RunningSink(mover, "change.failure.mode", "stop-table")) {
            sink.put(topic.all());
        }

        assertThat(target.query("select id from public.t")).containsExactly("2");
        assertThat(target.query(CHANGE)).containsExactly("set aside|public.u|truncate|0/10|16|42501|1|1");
    }

    @Test
    void aLargeTransactionThatFailsIsRecordedAtItsEndWithItsCommit() throws Exception {
        target.execute("insert into public.t values (150, 0)");
        topic.transaction(0x20, rows(0, 400));
        try (RunningSink sink = large("stop")) {
            assertThatThrownBy(() -> sink.follow(topic, 37))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("Insert into public.t in transaction 32");
        }

        assertThat(target.query(CHANGE)).containsExactly("stopped|public.t|insert|0/20|32|23505|1|0");
        assertThat(target.query("select key_hash = encode(sha256(convert_to('150', 'UTF8')), 'hex')"
                        + " from changeover.quarantine"))
                .containsExactly("t");
        target.execute("delete from public.t");
        try (RunningSink sink = large("stop")) {
            sink.follow(topic, 37);
        }
        assertThat(target.query("select count(*) from public.t")).containsExactly("400");
        assertThat(target.query(CHANGE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {150, 399})
    void aLargeTransactionGoesOnWithoutTheTableThatFails(int bad) throws Exception {
        target.execute("insert into public.t values (" + bad + ", 0)");
        topic.transaction(0x10, insert("u", "id", "-1", "v", "")).transaction(0x20, rows(0, 400));
        topic.transaction(0x30, insert("t", "id", "1000"), insert("u", "id", "1000"));
        try (RunningSink sink = large("stop-table")) {
            sink.follow(topic, 37);
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }

        assertThat(target.query("select id from public.t")).containsExactly("" + bad);
        assertThat(target.query("select count(*) from public.u")).containsExactly("402");
        assertThat(target.query(CHANGE)).containsExactly("set aside|public.t|insert|0/20|32|23505|1|401");
    }

    @Test
    void aLargeTransactionGoesOnWithoutATableThatIsMissing() throws Exception {
        topic.begin(0x20, rows(0, 200)).add(insert("missing", "id", "1"));
        List.of(rows(200, 400)).forEach(topic::add);
        topic.add(new ChangeEvent.End(0x20, LogSequenceNumber.valueOf(0x20), 0, 0));
        try (RunningSink sink = large("stop-table")) {
            sink.follow(topic, 37);
        }

        assertThat(target.query("select count(*) from public.t")).containsExactly("400");
        assertThat(target.query(CHANGE)).containsExactly("set aside|public.missing|insert|0/20|32|42P01|1|1");
    }

    @Test
    void aLargeTransactionThatIsAppliedAlreadySetsNothingAside() throws Exception {
        topic.transaction(0x20, rows(0, 400))
                .transaction(0x20, rows(0, 400))
                .transaction(0x30, insert("t", "id", "-1"));
        try (RunningSink sink = large("stop-table")) {
            sink.follow(topic, 37);
        }

        assertThat(target.query(CHANGE)).isEmpty();
        assertThat(target.query("select count(*) from public.t")).containsExactly("401");
    }

    @Test
    void redeliveryHoldsNothingBackTwice() throws Exception {
        topic.transaction(0x10, insert("t", "id", "1", "v", "x")).transaction(0x20, insert("t", "id", "2"));
        try (RunningSink sink = sink("stop-table")) {
            sink.put(topic.all()).put(topic.all());
            target.terminateSink();
            topic.transaction(0x30, insert("t", "id", "3"));
            sink.follow(topic, 100);
            sink.rebalance();
            sink.put(topic.all());
        }

        assertThat(target.query(CHANGE)).containsExactly("set aside|public.t|insert|0/10|16|22P02|1|3");
    }

    @Test
    void aTableThatIsLoadedAgainIsFollowedAgain() throws Exception {
        topic.transaction(0x10, insert("t", "id", "1", "v", "x"));
        try (RunningSink sink = sink("stop-table", "retry.backoff.ms", "5")) {
            sink.follow(topic, 100);
            loadAgain("t");
            topic.transaction(0x20, insert("t", "id", "2", "v", "2"), insert("u", "id", "2"));
            topic.transaction(0x30, insert("t", "id", "3", "v", "3"));

            assertThat(sink.iterate(topic, 100))
                    .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("public.t was released"));
            assertThat(sink.iterate(topic, 100)).isEmpty();
            assertThat(sink.iterate(topic, 100)).isEmpty();
            assertThat(target.query("select count(*) from public.u")).containsExactly("1");
            assertThat(target.query(CHANGE)).isEmpty();

            target.execute("insert into public.t values (1, 1), (2, 2)");
            LoadLedger.finish(
                    target.connection(), ChangeTopic.name("t"), 2, 2, "48:48:", LogSequenceNumber.valueOf(0x28));
            sink.follow(topic, 100);
        }

        assertThat(target.query("select id, v from public.t order by 1")).containsExactly("1|1", "2|2", "3|3");
        assertThat(target.query("select id from public.u")).containsExactly("2");
        assertThat(target.query(CHANGE)).isEmpty();
    }

    private void loadAgain(String table) throws SQLException {
        Connection connection = target.connection();
        connection.setAutoCommit(false);
        ReloadLedger.begin(connection, ChangeTopic.NAME, new LoadLedger.Entry(ChangeTopic.name(table), 0, 0));
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static ChangeEvent[] rows(int from, int to) {
        return IntStream.range(from, to)
                .boxed()
                .flatMap(i -> Stream.of(insert("t", "id", "" + i), insert("u", "id", "" + i)))
                .toArray(ChangeEvent[]::new);
    }

    private void stops(String message) {
        try (RunningSink sink = sink("stop")) {
            assertThatThrownBy(() -> sink.put(topic.all()))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining(message);
        }
    }

    private void applies(String mode) {
        try (RunningSink sink = sink(mode)) {
            sink.put(topic.all());
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }
    }

    private RunningSink large(String mode) {
        return sink(mode, "batch.size", "50", "transaction.buffer.changes", "100", "retry.backoff.ms", "5");
    }

    private RunningSink sink(String mode, String... more) {
        List<String> settings = new ArrayList<>(List.of("change.failure.mode", mode));
        settings.addAll(List.of(more));
        return new RunningSink(target.settings(), settings.toArray(String[]::new));
    }
}
