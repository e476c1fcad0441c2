package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.delete;
import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.ServerSettings;
import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.group.BufferLimits;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** What is written as sets, what a refusal costs, and what an operator reads then. */
@Timeout(120)
class WriteSetsTest {

    private static final int ROWS = 40;
    private static final BufferLimits ROOMY = new BufferLimits(100_000, 100_000, 1 << 30);

    private TargetDatabase target;
    private long offset;
    private long number = 10;

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key, u int unique, v text)");
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    /** All rows change their unique values in a circle: whichever goes first takes one that another row still has. */
    @Test
    void aTableThatAlwaysCollidesIsSeldomTriedAndLeavesTheOthersAlone() throws Exception {
        target.execute("create table public.o (id int primary key)");
        StreamApplier applier = open();
        apply(applier, rows(id -> insert("t", "id", id(id), "u", id(id - 1), "v", "0")));
        assertThat(applier.writtenSets()).isEqualTo(1);

        int groups = 20;
        for (int group = 0; group < groups; group++) {
            int shift = group;
            List<ChangeEvent> changes = new ArrayList<>(circle(group));
            changes.addAll(rows(id -> insert("o", "id", id(id + 1000 * shift))));
            apply(applier, changes);
        }
        applier.disconnect();

        assertThat(target.query("select count(*), min(u), max(u) from public.t"))
                .containsExactly("40|0|39");
        assertThat(target.query("select count(*) from public.o")).containsExactly("800");
        assertThat(applier.refusedSets()).isEqualTo(5);
        assertThat(applier.writtenSets()).isEqualTo(1 + groups); // o's first one was undone with t's
        assertThat(target.query("select updates, groups from changeover.counters c, changeover.streams"
                        + " where table_name = 't'"))
                .containsExactly(groups * (ROWS + 1) + "|" + (groups + 1));
    }

    /** They go to the server in one message, and it says whose set it does not take. */
    @Test
    void ofTablesThatAreWrittenTogetherOnlyTheOneThatCollidesIsTriedSeldom() throws Exception {
        target.execute("create table public.o (id int primary key, v text)");
        target.execute("create table public.p (id int primary key, v text)");
        StreamApplier applier = open();
        List<ChangeEvent> first = new ArrayList<>(rows(id -> insert("t", "id", id(id), "u", id(id - 1), "v", "0")));
        first.addAll(rows(id -> insert("o", "id", id(id), "v", "0")));
        first.addAll(rows(id -> insert("p", "id", id(id), "v", "0")));
        apply(applier, first);

        int groups = 20;
        for (int group = 0; group < groups; group++) {
            String value = String.valueOf(group);
            List<ChangeEvent> changes =
                    new ArrayList<>(rows(id -> update("o", row("id", id(id)), "id", id(id), "v", value)));
            changes.addAll(circle(group));
            changes.addAll(rows(id -> update("p", row("id", id(id)), "id", id(id), "v", value)));
            apply(applier, changes);
        }
        applier.disconnect();

        assertThat(applier.refusedSets()).isEqualTo(5);
        assertThat(applier.writtenSets()).isEqualTo(3 + 2 * (groups - 1)); // the first ones were undone with t's
        assertThat(target.query("select count(*), min(v), max(v) from (table public.o union all table public.p)"))
                .containsExactly("80|19|19");
        assertThat(target.query("select min(u), max(u) from public.t")).containsExactly("0|39");
    }

    @Test
    void ofTablesThatAreWrittenTogetherTheOneWithoutTheRowIsNamed() throws Exception {
        target.execute("create table public.o (id int primary key, v text)");
        StreamApplier applier = open();
        apply(applier, rows(id -> insert("t", "id", id(id))));
        List<ChangeEvent> changes = new ArrayList<>(rows(id -> update("t", row("id", id(id)), "id", id(id), "v", "1")));
        changes.addAll(rows(id -> update("o", row("id", id(id)), "id", id(id), "v", "1")));

        assertThatThrownBy(() -> apply(applier, changes))
                .hasMessageContaining("diverged")
                .hasMessageContaining("Update of public.o at commit LSN 0/B");
        applier.disconnect();

        assertThat(applier.refusedSets()).isEqualTo(1);
        assertThat(target.query("select max(v) from public.t")).containsExactly("null");
    }

    @Test
    void aPieceThatCollidesIsWrittenInOrder() throws Exception {
        StreamApplier applier =
                StreamApplier.open(target.settings(), "sets", new BufferLimits(100_000, 2 * ROWS, 1 << 30));
        List<ChangeEvent> changes = new ArrayList<>(rows(id -> insert("t", "id", id(id), "u", id(id - 1), "v", "0")));
        changes.addAll(rows(id -> update("t", row("id", id(id)), "id", id(id), "u", id(id - 1), "v", "1")));
        changes.addAll(circle(0));
        changes.addAll(rows(id -> update("t", row("id", id(id)), "id", id(id), "u", id(id % ROWS), "v", "2")));
        changes.addAll(rows(id -> delete("t", "id", id(id))));

        take(applier, beginOf(number));
        for (ChangeEvent change : changes) {
            if (applier.isFull()) {
                applier.apply();
            }
            take(applier, change);
        }
        take(applier, new ChangeEvent.End(number, LogSequenceNumber.valueOf(number), 0, changes.size()));
        applier.apply();
        applier.disconnect();

        assertThat(target.query("select * from public.t")).isEmpty();
        assertThat(target.query("select inserts, updates, deletes from changeover.counters"))
                .containsExactly("40|121|40");
        assertThat(applier.refusedSets()).isEqualTo(1);
    }

    @Test
    void anIndexThatIsTheReplicaIdentityIsAKeyOfSets() throws Exception {
        target.execute("create table public.i (id int primary key, code text not null unique, v int)");
        StreamApplier applier = open();
        apply(applier, rows(id -> insert("i", "id", id(id), "code", "c" + id, "v", "1")));
        apply(
                applier,
                rows(id -> id % 2 == 0
                        ? delete("i", "code", "c" + id)
                        : update("i", row("code", "c" + id), "id", id(id), "code", "c" + id, "v", "2")));
        applier.disconnect();

        assertThat(applier.writtenSets()).isEqualTo(2);
        assertThat(target.query("select count(*), min(v) from public.i")).containsExactly(ROWS / 2 + "|2");
    }

    /** What stands between two runs of inserts is written between them. */
    @Test
    void runsOfInsertsWithoutAKeyAreSets() throws Exception {
        target.execute("create table public.k (a int, b text)");
        StreamApplier applier = open();
        List<ChangeEvent> changes = new ArrayList<>(rows(id -> insert("k", "a", id(id), "b", "1")));
        changes.add(delete("k", "a", "5", "b", "1"));
        changes.addAll(rows(id -> insert("k", "a", id(id), "b", "1")));
        changes.add(update("k", row("a", "7", "b", "1"), "a", "7", "b", "2"));
        changes.add(insert("k", "a", null, "b", null));
        apply(applier, changes);
        applier.disconnect();

        assertThat(applier.writtenSets()).isEqualTo(2);
        assertThat(target.query("select a, b, count(*) from public.k where a is null or a in (5, 6, 7)"
                        + " group by a, b order by a nulls first, b"))
                .containsExactly("null|null|1", "5|1|1", "6|1|2", "7|1|1", "7|2|1");
    }

    @Test
    void writesSixteenHundredColumns() throws Exception {
        List<String> columns = new ArrayList<>(List.of("id int primary key"));
        IntStream.range(1, 1600).forEach(i -> columns.add("c" + i + " int"));
        target.execute("create table public.wide (" + String.join(", ", columns) + ")");
        StreamApplier applier = open();
        apply(applier, rows(id -> insert("wide", wide(id, "1"))));
        apply(applier, rows(id -> update("wide", row("id", id(id)), wide(id, "2"))));
        applier.disconnect();

        assertThat(applier.writtenSets()).isEqualTo(2);
        assertThat(target.query("select count(*), min(c1), min(c1599) from public.wide"))
                .containsExactly(ROWS + "|2|2");
    }

    @Test
    void writesRowsOfAMegabyte() throws Exception {
        StreamApplier applier = open();
        apply(applier, rows(id -> insert("t", "id", id(id), "u", null, "v", "ä".repeat(500_000))));
        apply(applier, rows(id -> update("t", row("id", id(id)), "id", id(id), "u", null, "v", "x".repeat(1_000_000))));
        applier.disconnect();

        assertThat(applier.writtenSets()).isEqualTo(2);
        assertThat(target.query("select count(*), min(v) = max(v), min(length(v)) from public.t"))
                .containsExactly(ROWS + "|t|1000000");
    }

    @Test
    void aRowThatIsThereAlreadyIsToldAsInOrder() throws Exception {
        target.execute("insert into public.t values (7, 4711, 's3cr3t')");
        StreamApplier applier = open();

        assertThatThrownBy(() -> apply(applier, rows(id -> insert("t", "id", id(id), "u", "47" + id, "v", "s3cr3t"))))
                .isInstanceOf(FailedChangeException.class)
                .hasMessageContaining("Insert into public.t at commit LSN 0/A: 23505")
                .hasMessageContaining("t_pkey")
                .hasMessageNotContaining("47")
                .hasMessageNotContaining("s3cr3t");
        applier.disconnect();
        assertThat(applier.refusedSets()).isEqualTo(1);
    }

    @Test
    void aRowThatIsMissingIsToldAsInOrder() throws Exception {
        StreamApplier applier = open();

        assertThatThrownBy(() -> apply(applier, rows(id -> update("t", row("id", id(id)), "id", id(id), "v", "x"))))
                .hasMessageContaining("diverged")
                .hasMessageContaining("Update of public.t at commit LSN 0/A");
        applier.disconnect();
    }

    /** The session has row security off: the server refuses rather than leaves rows out, in sets and in order. */
    @Test
    void rowSecurityThatConcernsTheRoleIsRefused() throws Exception {
        ServerSettings mover = target.createMover("t");
        target.execute("alter table public.t enable row level security; alter table public.t force row level security");
        StreamApplier refused = StreamApplier.open(mover, "sets", ROOMY);

        assertThatThrownBy(() -> apply(refused, rows(id -> insert("t", "id", id(id)))))
                .isInstanceOf(FailedChangeException.class)
                .hasMessageContaining("Insert into public.t")
                .hasMessageContaining("row-level security");
        refused.disconnect();
        assertThat(target.query("select * from public.t")).isEmpty();

        target.execute("alter role " + mover.user() + " bypassrls");
        StreamApplier applier = StreamApplier.open(mover, "sets", ROOMY);
        applier.apply();
        begin();
        apply(applier, rows(id -> insert("t", "id", id(id))));
        applier.disconnect();
        assertThat(applier.writtenSets()).isEqualTo(1);
    }

    @Test
    void aConnectionThatIsLostInACopyIsTriedAgain() throws Exception {
        losesItsConnectionOnce("insert into public.t values (7, 7)", "Insert into public.t");
    }

    @Test
    void aConnectionThatIsLostInAnUpdateIsTriedAgain() throws Exception {
        StreamApplier first = open();
        apply(first, rows(id -> insert("t", "id", id(id), "u", id(id), "v", "0")));
        first.disconnect();

        losesItsConnectionOnce("update public.t set v = 'x' where id = 7", "Update of public.t");
    }

    /** Somebody's lock makes the sink wait in the middle of a set, and then it is thrown out. */
    private void losesItsConnectionOnce(String lock, String set) throws Exception {
        StreamApplier applier = open();
        boolean inserts = target.query("select from public.t").isEmpty();
        long start = offset;
        List<ChangeEvent> changes = rows(id -> inserts
                ? insert("t", "id", id(id), "u", id(id), "v", "1")
                : update("t", row("id", id(id)), "id", id(id), "u", id(id), "v", "1"));
        try (OtherWriter other = new OtherWriter(target.settings())) {
            other.execute(lock);
            CompletableFuture<@Nullable Throwable> applied = CompletableFuture.supplyAsync(
                    () -> catchThrowableOfType(FailedChangeException.class, () -> apply(applier, changes)));
            Awaitility.await()
                    .until(() -> !target.query(
                                    "select from pg_stat_activity where application_name like 'changeover sink%'"
                                            + " and datname = current_database() and wait_event_type = 'Lock'")
                            .isEmpty());
            target.terminateSink();
            assertThat(applied.join())
                    .hasMessageStartingWith(set)
                    .isInstanceOfSatisfying(
                            FailedChangeException.class,
                            e -> assertThat(e.policy()).as(e.getMessage()).isEqualTo(FailurePolicy.RETRY));
            other.rollback();
        }
        applier.disconnect();
        applier.resume();
        assertThat(applier.topicOffset()).isEqualTo(start);
        offset = start;
        number--;
        apply(applier, changes);
        applier.disconnect();

        assertThat(target.query("select count(*), min(v), max(v) from public.t"))
                .containsExactly(ROWS + "|1|1");
        assertThat(applier.refusedSets()).isZero();
    }

    private StreamApplier open() throws SQLException {
        return StreamApplier.open(target.settings(), "sets", ROOMY);
    }

    private void begin() {
        offset = 0;
        number = 10;
    }

    private static ChangeEvent beginOf(long number) {
        return new ChangeEvent.Begin(number, LogSequenceNumber.valueOf(number == 10 ? 0 : number - 1));
    }

    /** A transaction of these changes is a group. */
    private void apply(StreamApplier applier, List<ChangeEvent> changes) throws SQLException, FailedChangeException {
        List<ChangeEvent> events = new ArrayList<>(List.of(beginOf(number)));
        events.addAll(changes);
        events.add(new ChangeEvent.End(number, LogSequenceNumber.valueOf(number), 0, changes.size()));
        number++;
        applier.take(offset++, events);
        applier.apply();
    }

    private void take(StreamApplier applier, ChangeEvent event) {
        applier.take(offset++, List.of(event));
    }

    private interface ChangeOf {
        ChangeEvent row(int id);
    }

    private static List<ChangeEvent> rows(ChangeOf change) {
        return IntStream.rangeClosed(1, ROWS).mapToObj(change::row).toList();
    }

    /** Every row gets the unique value of the next one, the last one that of the first. */
    private static List<ChangeEvent> circle(int shift) {
        List<ChangeEvent> changes = new ArrayList<>();
        changes.add(update("t", row("id", "1"), "id", "1", "u", null, "v", "x"));
        for (int id = ROWS; id > 0; id--) {
            changes.add(update("t", row("id", id(id)), "id", id(id), "u", id((id + shift) % ROWS), "v", "x"));
        }
        return changes;
    }

    private static String id(int id) {
        return String.valueOf(id);
    }

    private static String[] wide(int id, String value) {
        return Stream.concat(
                        Stream.of("id", id(id)),
                        IntStream.range(1, 1600).boxed().flatMap(i -> Stream.of("c" + i, value)))
                .toArray(String[]::new);
    }
}
