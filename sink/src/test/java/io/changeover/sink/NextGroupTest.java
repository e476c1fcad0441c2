package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.truncate;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.failure.ChangeFailureMode;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.group.BufferLimits;
import io.changeover.sink.guard.GuardMode;
import io.changeover.sink.metrics.ApplyFigures;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** A group that is made ready while the one before it is applied, and what may happen in between. */
@Timeout(60)
class NextGroupTest {

    private static final int ROWS = 40;

    /** A transaction of so many changes is a group. */
    private static final BufferLimits LIMITS = new BufferLimits(ROWS, 100_000, 1 << 30);

    private TargetDatabase target;
    private StreamApplier applier;
    private long number = 10;
    private long offset;

    @BeforeEach
    void open() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key, v text)");
        target.execute("create table public.o (id int primary key)");
        applier = StreamApplier.open(
                target.settings(),
                "next",
                LIMITS,
                Duration.ofMinutes(1),
                GuardMode.AUTO,
                ChangeFailureMode.STOP_TABLE,
                new ApplyFigures());
    }

    @AfterEach
    void close() throws SQLException {
        applier.disconnect();
        target.close();
    }

    @Test
    void whatIsTakenMeanwhileIsAppliedNext() throws Exception {
        take(inserts("t", 0));
        AtomicBoolean isFirst = new AtomicBoolean(true);

        boolean committed = applier.apply(() -> false, () -> {
            if (isFirst.getAndSet(false)) {
                take(updates("1"));
                take(updates("2"));
            }
        });

        assertThat(committed).isTrue();
        assertThat(target.query("select count(*), min(v), max(v) from public.t"))
                .containsExactly("40|2|2");
        assertThat(target.query("select groups, transactions from changeover.streams"))
                .containsExactly("3|3");
        assertThat(target.query("select inserts, updates from changeover.counters"))
                .containsExactly("40|80");
        assertThat(applier.writtenSets()).isEqualTo(3);
        assertThat(applier.topicOffset()).isEqualTo(offset);
    }

    @Test
    void isHeldIfTheFirstOneWasEnough() throws Exception {
        take(inserts("t", 0));
        take(updates("1"));

        applier.apply(() -> true, () -> {});
        assertThat(target.query("select max(v) from public.t")).containsExactly("0");

        applier.apply();
        assertThat(target.query("select max(v) from public.t")).containsExactly("1");
    }

    /** Its texts would still be read as the old type. */
    @Test
    void isPlannedAgainIfTheTableHasChanged() throws Exception {
        take(inserts("t", 0));
        take(updates("1"));
        applier.apply();
        AtomicBoolean isFirst = new AtomicBoolean(true);
        take(updates("2"));
        take(updates("3"));

        applier.apply(
                () -> {
                    if (isFirst.getAndSet(false)) {
                        execute("alter table public.t alter column v type int using v::int");
                    }
                    return false;
                },
                () -> {});

        assertThat(target.query("select pg_typeof(v), count(*), min(v), max(v) from public.t group by 1"))
                .containsExactly("integer|40|3|3");
        assertThat(applier.refusedSets()).isZero();
    }

    @Test
    void truncatesComeInTheirOrder() throws Exception {
        take(inserts("t", 0));
        List<ChangeEvent> changes = new ArrayList<>(inserts("t", 100));
        changes.add(truncate("t"));
        changes.addAll(inserts("t", 200));
        take(changes);

        applier.apply(() -> false, () -> {});

        assertThat(target.query("select count(*), min(id), max(id) from public.t"))
                .containsExactly("40|201|240");
    }

    @Test
    void aTableThatWasSetAsideIsLeftOut() throws Exception {
        target.execute("insert into public.t values (7, 'there already')");
        take(inserts("t", 0));
        List<ChangeEvent> changes = new ArrayList<>(updates("1"));
        changes.addAll(inserts("o", 0));
        take(changes);

        applier.apply(() -> false, () -> {});

        assertThat(target.query("select v from public.t")).containsExactly("there already");
        assertThat(target.query("select count(*) from public.o")).containsExactly("40");
        assertThat(target.query("select table_name from changeover.quarantine")).containsExactly("t");
    }

    @Test
    void isWrittenInOrderIfItIsRefusedAsASet() throws Exception {
        target.execute("create table public.u (id int primary key, n int unique)");
        take(rows(id -> insert("u", "id", id(id), "n", id(id - 1))));
        take(rows(id -> id == 1
                ? update("u", row("id", "40"), "id", "40", "n", "-1")
                : update("u", row("id", id(ROWS + 1 - id)), "id", id(ROWS + 1 - id), "n", id(ROWS + 1 - id))));

        applier.apply(() -> false, () -> {});

        assertThat(target.query("select count(*), min(n), max(n) from public.u"))
                .containsExactly("40|-1|39");
        assertThat(applier.refusedSets()).isEqualTo(1);
    }

    @Test
    void whatCannotBeTakenIsToldWhenTheFirstOneIsApplied() throws Exception {
        take(inserts("t", 0));

        assertThatThrownBy(() -> applier.apply(() -> false, () -> {
                    throw new IllegalArgumentException("not a change");
                }))
                .hasMessage("not a change");

        assertThat(target.query("select count(*) from public.t")).containsExactly("40");
        assertThat(applier.topicOffset()).isEqualTo(offset);
        take(updates("1"));
        applier.apply();
        assertThat(target.query("select max(v) from public.t")).containsExactly("1");
    }

    @Test
    void isForgottenIfTheFirstOneFails() throws Exception {
        take(inserts("t", 0));
        applier.apply();
        try (OtherWriter other = new OtherWriter(target.settings())) {
            other.execute("lock table public.t in share mode");
            take(updates("1"));
            take(updates("2"));
            assertThatThrownBy(() -> applier.apply(() -> false, () -> terminate()))
                    .isInstanceOfAny(SQLException.class, FailedChangeException.class);
        }
        long first = applier.topicOffset();
        applier.disconnect();
        applier.resume();
        number -= 2;
        offset = first;

        take(updates("3"));
        take(updates("4"));
        applier.apply(() -> false, () -> {});

        assertThat(target.query("select count(*), min(v), max(v) from public.t"))
                .containsExactly("40|4|4");
    }

    private void terminate() {
        try {
            target.terminateSink();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        try {
            target.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface ChangeOf {
        ChangeEvent row(int id);
    }

    private static List<ChangeEvent> inserts(String table, int after) {
        return rows(id -> table.equals("o")
                ? insert(table, "id", id(id + after))
                : insert(table, "id", id(id + after), "v", "0"));
    }

    private static List<ChangeEvent> updates(String value) {
        return rows(id -> update("t", row("id", id(id)), "id", id(id), "v", value));
    }

    private static List<ChangeEvent> rows(ChangeOf change) {
        return IntStream.rangeClosed(1, ROWS).mapToObj(change::row).toList();
    }

    private static String id(int id) {
        return String.valueOf(id);
    }

    private void take(List<ChangeEvent> changes) {
        List<ChangeEvent> events = new ArrayList<>(
                List.of(new ChangeEvent.Begin(number, LogSequenceNumber.valueOf(number == 10 ? 0 : number - 1))));
        events.addAll(changes);
        events.add(new ChangeEvent.End(number, LogSequenceNumber.valueOf(number), 0, changes.size()));
        number++;
        applier.take(offset++, events);
    }
}
