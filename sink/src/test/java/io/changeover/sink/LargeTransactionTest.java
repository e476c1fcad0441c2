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
import io.changeover.sink.failure.TableNotLoadedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** A source transaction that does not fit the buffer, and all that can happen before its end. */
@Timeout(60)
class LargeTransactionTest {

    private static final int HALF = 500;
    private static final int ALL = 1000;

    private TargetDatabase target;
    private final ChangeTopic topic = new ChangeTopic();

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key, v text)");
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void isCommittedAtItsEndWithCountersMarkersAndPosition() throws Exception {
        Marker marker = new Marker("m");
        topic.transaction(10, insert("t", "id", "-1", "v", ""));
        try (RunningSink sink = sink()) {
            sink.follow(topic.begin(20, inserts(0, HALF)), 37);
            assertThat(sink.heldChanges()).isLessThan(100);
            assertThat(sink.committedOffset()).isEqualTo(4);
            assertThat(openTransactions()).containsExactly("1");
            assertThat(rows()).containsExactly("1");
            assertThat(target.query("select transactions, groups from changeover.streams"))
                    .containsExactly("1|1");

            List.of(inserts(HALF, ALL)).forEach(topic::add);
            topic.add(new ChangeEvent.Message(Marker.PREFIX, marker.content())).add(end(20));
            topic.transaction(30, update("t", row("id", "0"), "id", "0", "v", "later"));
            sink.follow(topic, 37);

            assertThat(sink.committedOffset()).isEqualTo(topic.end());
            assertThat(openTransactions()).containsExactly("0");
        }

        assertThat(rows()).containsExactly("1001");
        assertThat(target.query("select inserts, updates from changeover.counters"))
                .containsExactly("1001|1");
        assertThat(target.query("select marker, commit_lsn from changeover.markers"))
                .containsExactly("m|0/14");
        assertThat(target.query("select transactions, commit_lsn from changeover.streams"))
                .containsExactly("3|0/1E");
    }

    @Test
    void nobodySeesAPartOfIt() throws Exception {
        topic.transaction(20, inserts(0, ALL)).transaction(30, insert("t", "id", "-1", "v", ""));
        try (CountsOfRows reader = new CountsOfRows(target.settings(), "public.t");
                RunningSink sink = sink()) {
            for (int next = 0; next < topic.end(); next += 90) {
                reader.awaitNextLook();
                sink.put(topic.all().subList(next, Math.min(next + 90, (int) topic.end())));
            }
            reader.awaitNextLook();
            assertThat(reader.seen()).isSubsetOf(0L, (long) ALL, ALL + 1L).contains(0L, ALL + 1L);
        }
    }

    @Test
    void keepsTheOrderOfRowsAndTruncatesAcrossPieces() throws Exception {
        target.execute("create table public.child (id int primary key references public.t)");
        target.execute("insert into public.t values (-1, ''); insert into public.child values (-1)");
        topic.begin(20, inserts(0, 99));
        topic.add(truncate("t")).add(truncate("child"));
        List.of(inserts(0, 99)).forEach(topic::add);
        for (int i = 0; i < 300; i++) {
            topic.add(update("t", row("id", "1"), "id", "1", "v", String.valueOf(i)));
        }
        try (RunningSink sink = sink()) {
            sink.follow(topic.add(end(20)), 101);
        }

        assertThat(rows()).containsExactly("99");
        assertThat(target.query("select v from public.t where id = 1")).containsExactly("299");
        assertThat(target.query("select count(*) from public.child")).containsExactly("0");
    }

    @Test
    void beginsAgainWhenTheCaptureSendsItAgain() throws Exception {
        topic.begin(20, inserts(0, HALF));
        try (RunningSink sink = sink()) {
            sink.follow(topic, 37);
            assertThat(openTransactions()).containsExactly("1");
            sink.follow(topic.transaction(20, inserts(0, ALL)), 37);
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }

        assertThat(rows()).containsExactly("1000");
        assertThat(target.query("select inserts from changeover.counters")).containsExactly("1000");
    }

    @Test
    void isDroppedWhenItIsAppliedAlready() throws Exception {
        target.execute("create table public.keyless (id int)");
        ChangeEvent[] keyless = IntStream.range(0, ALL)
                .mapToObj(i -> insert("keyless", "id", String.valueOf(i)))
                .toArray(ChangeEvent[]::new);
        for (int sending = 0; sending < 2; sending++) {
            topic.transaction(20, inserts(0, ALL)).transaction(30, keyless);
        }
        topic.transaction(40, insert("keyless", "id", "-1"));

        try (RunningSink sink = sink()) {
            sink.follow(topic, 37);
            assertThat(sink.committedOffset()).isEqualTo(topic.end());
        }

        assertThat(rows()).containsExactly("1000");
        assertThat(target.query("select count(*) from public.keyless")).containsExactly("1001");
        assertThat(target.query("select transactions from changeover.streams")).containsExactly("3");
    }

    @Test
    void isRefusedAtItsEndWithTheFirstError() throws Exception {
        target.execute("insert into public.t values (150, 'mine')");
        topic.begin(0x20, inserts(0, ALL));
        try (RunningSink sink = sink()) {
            sink.follow(topic, 37);
            assertThat(openTransactions()).containsExactly("0");
            assertThat(sink.heldChanges()).isLessThan(100);
            long end = topic.end();

            assertThatThrownBy(() -> sink.put(topic.add(end(0x20)).from(end)))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("Insert into public.t in transaction 32, which commits after LSN 0/1: 23505")
                    .hasMessageNotContaining("150");
        }

        assertThat(rows()).containsExactly("1");
    }

    @Test
    void startsAgainWithAnotherTask() throws Exception {
        topic.transaction(10, insert("t", "id", "-1", "v", "")).begin(20, inserts(0, HALF));
        try (RunningSink sink = sink()) {
            sink.follow(topic, 37);
        }
        assertThat(rows()).containsExactly("1");
        List.of(inserts(HALF, ALL)).forEach(topic::add);
        try (RunningSink sink = sink()) {
            assertThat(sink.context.soughtOffset()).isEqualTo(4);
            sink.follow(topic.add(end(20)), 37);
        }

        assertThat(rows()).containsExactly("1001");
        assertThat(target.query("select inserts from changeover.counters")).containsExactly("1001");
    }

    @Test
    void startsAgainAfterALostConnection() throws Exception {
        topic.transaction(10, insert("t", "id", "-1", "v", "")).begin(20, inserts(0, HALF));
        try (RunningSink sink = sink()) {
            sink.follow(topic, 37);
            target.terminateSink();
            List.of(inserts(HALF, ALL)).forEach(topic::add);
            topic.add(end(20));

            assertThat(sink.iterate(topic, 37))
                    .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("57P01"));
            assertThat(sink.heldChanges()).isZero();
            assertThat(sink.iterate(topic, 37)).isEmpty();
            assertThat(sink.context.soughtOffset()).isEqualTo(4);
            sink.follow(topic, 37);
        }

        assertThat(rows()).containsExactly("1001");
        assertThat(target.query("select inserts from changeover.counters")).containsExactly("1001");
    }

    @Test
    void startsAgainAfterADeadlock() throws Exception {
        target.execute("insert into public.t select i, '' from generate_series(0, 999) i");
        topic.begin(20, updates(0, HALF));
        try (RunningSink sink = sink();
                OtherWriter writer = new OtherWriter(target.settings())) {
            sink.follow(topic, 37);
            writer.execute("set deadlock_timeout = '1min'", "update public.t set v = 'theirs' where id = 999");
            writer.executeBlocked("update public.t set v = 'theirs' where id = 0");
            List.of(updates(HALF, ALL)).forEach(topic::add);
            topic.add(end(20));

            RetriableException deadlock = firstFailure(sink);
            assertThat(deadlock).hasMessageContaining("40P01");
            writer.rollback();
            sink.follow(topic, 37);
        }

        assertThat(target.query("select count(*), min(v), max(v) from public.t"))
                .containsExactly("1000|new|new");
        assertThat(target.query("select updates from changeover.counters")).containsExactly("1000");
    }

    @Test
    void startsAgainAfterASerializationFailure() throws Exception {
        target.execute("create sequence public.attempts");
        target.execute("create function public.fail_once(id int) returns boolean language plpgsql as $$begin"
                + " if id = 700 and nextval('public.attempts') = 1 then raise 'not now' using errcode = '40001'; end if;"
                + " return true; end$$");
        target.execute("alter table public.t add constraint fails_once check (public.fail_once(id))");
        topic.transaction(20, inserts(0, ALL));
        try (RunningSink sink = sink()) {
            assertThat(firstFailure(sink)).hasMessageContaining("40001");
            assertThat(rows()).containsExactly("0");
            sink.follow(topic, 37);
        }

        assertThat(rows()).containsExactly("1000");
        assertThat(target.query("select last_value from public.attempts")).containsExactly("2");
    }

    @Test
    void aTaskThatIsReplacedHoldsNoLocks() throws Exception {
        topic.begin(20, inserts(0, HALF));
        RunningSink first = sink();
        first.follow(topic, 37);
        List.of(inserts(HALF, ALL)).forEach(topic::add);
        topic.add(end(20));
        try (RunningSink second = sink()) {
            second.follow(topic, 37);
        }
        assertThat(first.iterate(topic, 37)).isPresent();
        assertThatThrownBy(() -> first.follow(topic, 37)).hasMessageContaining("fenced");

        assertThat(rows()).containsExactly("1000");
    }

    @Test
    void aTaskThatWasReplacedLetsGoWithTheNextPut() throws Exception {
        topic.begin(20, inserts(0, HALF));
        try (RunningSink sink = sink()) {
            sink.follow(topic, 37);
            target.execute("update changeover.streams set epoch = epoch + 1");

            assertThatThrownBy(() -> sink.put(List.of()))
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining("fenced");
            assertThat(openTransactions()).containsExactly("0");
        }
    }

    @Test
    void waitsForATableWithoutATransactionOpen() throws Exception {
        target.execute("create table public.u (id int primary key)");
        Ledger.create(target.connection());
        LoadLedger.enqueue(target.connection(), List.of(new LoadLedger.Entry(ChangeTopic.name("u"), 1, 1)));
        topic.begin(20, inserts(0, HALF));
        topic.add(insert("u", "id", "1"));
        List.of(inserts(HALF, ALL)).forEach(topic::add);
        topic.add(end(20)).transaction(0x30, insert("u", "id", "2"));
        try (RunningSink sink = sink()) {
            RetriableException waiting = firstFailure(sink);
            assertThat(waiting).isInstanceOf(TableNotLoadedException.class).hasMessageContaining("public.u");
            assertThat(sink.iterate(topic, 37))
                    .hasValueSatisfying(e -> assertThat(e).isInstanceOf(TableNotLoadedException.class));
            assertThat(openTransactions()).containsExactly("0");
            assertThat(sink.heldChanges()).isZero();

            target.execute("insert into public.u values (1)");
            LoadLedger.finish(
                    target.connection(), ChangeTopic.name("u"), 1, 1, "30:30:", LogSequenceNumber.valueOf(0x28));
            sink.follow(topic, 37);
        }

        assertThat(rows()).containsExactly("1000");
        assertThat(target.query("select id from public.u order by id")).containsExactly("1", "2");
        assertThat(target.query("select table_name, inserts from changeover.counters order by 1"))
                .containsExactly("t|1000", "u|1");
    }

    /** What is held must not grow with every attempt: a full buffer, and what else was put at once. */
    @Test
    void holdsNoMoreWhileItWaits() throws Exception {
        Ledger.create(target.connection());
        LoadLedger.enqueue(target.connection(), List.of(new LoadLedger.Entry(ChangeTopic.name("t"), 1, 1)));
        for (int i = 0; i < 300; i++) {
            topic.transaction(10 + i, insert("t", "id", String.valueOf(i)));
        }
        try (RunningSink sink = sink()) {
            for (int attempt = 0; attempt < 10; attempt++) {
                assertThatThrownBy(() -> sink.put(topic.all())).isInstanceOf(TableNotLoadedException.class);
                assertThat(sink.heldChanges()).isEqualTo(100 + 2 * 250);
            }
            LoadLedger.finish(target.connection(), ChangeTopic.name("t"), 0, 0, "5:5:", LogSequenceNumber.valueOf(5));
            sink.put(topic.all());
        }

        assertThat(rows()).containsExactly("300");
    }

    @Test
    void skipsWhatTheCopyHasSeenPieceByPiece() throws Exception {
        target.execute("create table public.seen (id int primary key)");
        Ledger.create(target.connection());
        LoadLedger.enqueue(target.connection(), List.of(new LoadLedger.Entry(ChangeTopic.name("seen"), 1, 1)));
        LoadLedger.finish(
                target.connection(), ChangeTopic.name("seen"), 1, 1, "30:30:", LogSequenceNumber.valueOf(1000));
        topic.begin(20, inserts(0, HALF));
        for (int i = 0; i < HALF; i++) {
            topic.add(insert("seen", "id", String.valueOf(i)));
        }
        try (RunningSink sink = sink()) {
            sink.follow(topic.add(end(20)), 37);
        }

        assertThat(rows()).containsExactly("500");
        assertThat(target.query("select count(*) from public.seen")).containsExactly("0");
    }

    private RunningSink sink() {
        return new RunningSink(
                target.settings(), "batch.size", "50", "transaction.buffer.changes", "100", "retry.backoff.ms", "5");
    }

    private RetriableException firstFailure(RunningSink sink) {
        for (long turn = 0; turn < topic.end(); turn++) {
            Optional<RetriableException> failure = sink.iterate(topic, 37);
            if (failure.isPresent()) {
                return failure.get();
            }
        }
        throw new AssertionError("The topic went through without a failure");
    }

    private static ChangeEvent[] inserts(int from, int to) {
        List<ChangeEvent> inserts = new ArrayList<>();
        for (int i = from; i < to; i++) {
            inserts.add(insert("t", "id", String.valueOf(i), "v", "x"));
        }
        return inserts.toArray(ChangeEvent[]::new);
    }

    private static ChangeEvent[] updates(int from, int to) {
        List<ChangeEvent> updates = new ArrayList<>();
        for (int i = from; i < to; i++) {
            updates.add(update("t", row("id", String.valueOf(i)), "id", String.valueOf(i), "v", "new"));
        }
        return updates.toArray(ChangeEvent[]::new);
    }

    private static ChangeEvent end(long number) {
        return new ChangeEvent.End(number, LogSequenceNumber.valueOf(number), 0, 0);
    }

    private List<String> rows() throws SQLException {
        return target.query("select count(*) from public.t");
    }

    private List<String> openTransactions() throws SQLException {
        return target.query("select count(*) from pg_stat_activity where datname = current_database()"
                + " and application_name like 'changeover sink%' and xact_start is not null");
    }
}
