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
import io.changeover.sink.target.TargetSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** What a group does besides single rows: tables that are loading, truncates, silence, markers, roles. */
@Timeout(60)
class ApplyGroupsTest {

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
    void waitsUntilATableIsLoadedAndAppliesWhatTheCopyDidNotSee() throws Exception {
        Ledger.create(target.connection());
        LoadLedger.enqueue(target.connection(), List.of(new LoadLedger.Entry(ChangeTopic.name("t"), 1, 1)));
        target.execute("create table public.other (id int)");
        topic.transaction(10, insert("other", "id", "1"))
                .transaction(90, insert("t", "id", "90"), insert("other", "id", "2"))
                .transaction(104, truncate("t"))
                .transaction(105, insert("t", "id", "105"))
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

    /** A transaction that is applied in pieces may take hours, with pauses of any length. */
    @Test
    void noTimeoutOfTheRoleEndsATransaction() throws Exception {
        ServerSettings mover = target.createMover("t");
        List<String> timeouts = List.of(
                "statement_timeout",
                "lock_timeout",
                "transaction_timeout",
                "idle_in_transaction_session_timeout",
                "idle_session_timeout");
        for (String timeout : timeouts) {
            target.execute("alter role " + mover.user() + " set " + timeout + " = '1h'");
        }
        try (Connection session = TargetSession.open(mover, "s");
                Statement statement = session.createStatement()) {
            for (String timeout : timeouts) {
                try (ResultSet rows = statement.executeQuery("show " + timeout)) {
                    rows.next();
                    assertThat(rows.getString(1)).as(timeout).isEqualTo("0");
                }
            }
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

    private void apply(ServerSettings settings) {
        try (RunningSink sink = new RunningSink(settings)) {
            sink.put(topic.all());
        }
    }
}
