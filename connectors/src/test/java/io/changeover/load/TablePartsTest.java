package io.changeover.load;

import static io.changeover.load.LoadDatabases.ask;
import static io.changeover.load.LoadDatabases.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.LoadProgress;
import io.changeover.ledger.Ledger;
import io.changeover.ledger.LimitLedger;
import io.changeover.ledger.LoadLedger;
import io.changeover.ledger.PartLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table of 50,000 rows, 2 MB, in parts of 512 KB. */
@Timeout(120)
class TablePartsTest {

    private static final TableName TABLE = new TableName("public", "t");

    private static final int ROWS = 50_000;

    private static final long PART = 1 << 19;

    private static final String MAKE = "create table public.t (id int primary key, v text)";

    private static final String FILL =
            "insert into public.t select n, 'row ' || n from generate_series(1, " + ROWS + ") n";

    @RegisterExtension
    static final LoadDatabases databases = new LoadDatabases();

    private final ConcurrentLinkedQueue<LoadProgress> progress = new ConcurrentLinkedQueue<>();
    private Connection ledger;

    @BeforeEach
    void fillTheSource() throws SQLException {
        run(source(), MAKE, FILL);
        run(target(), MAKE);
        ledger = Connections.open(target(), "changeover-test");
        Ledger.create(ledger);
        LoadLedger.enqueue(ledger, List.of(new LoadLedger.Entry(TABLE, ROWS, 2 * PART)));
    }

    @AfterEach
    void closeLedger() throws SQLException {
        ledger.close();
    }

    @Test
    void aLedgerOfVersionTwoLearnsOfParts() throws Exception {
        run(
                target(),
                "drop table changeover.load_parts",
                "delete from changeover.version",
                "insert into changeover.version values (2)",
                "alter table changeover.streams drop loads_version, drop replay_to",
                "alter table changeover.loads drop held_offset, drop held_lsn, drop replayed,"
                        + " drop format, drop beginnings, drop exported, drop filenode,"
                        + " drop constraint loads_state_check,"
                        + " add constraint loads_state_check check (state in ('pending', 'done'))");
        Ledger.create(ledger);

        loadAll();

        assertLoaded();
        assertThat(ask(target(), "select max(version) from changeover.version"))
                .containsExactly(String.valueOf(Ledger.VERSION));
    }

    @Test
    void severalLoadersShareTheParts() throws Exception {
        CompletableFuture<Integer> other = CompletableFuture.supplyAsync(this::loadAll);
        int parts = loadAll() + other.join();

        assertLoaded();
        assertThat(parts).as("parts, and the division").isBetween(5, 12);
        assertThat(ask(target(), "select count(*), min(state), max(state) from changeover.load_parts"))
                .containsExactly((parts - 1) + "|done|done");
        assertThat(ask(target(), "select exported, snapshot is not null from changeover.loads"))
                .containsExactly("null|true");
        assertThat(progress.stream()
                        .filter(LoadProgress::done)
                        .mapToLong(LoadProgress::rows)
                        .sum())
                .isEqualTo(ROWS);
        assertThat(ask(
                        source(),
                        "select count(*) from pg_stat_activity where application_name = 'changeover-load'"
                                + " and state like 'idle in transaction%'"))
                .containsExactly("0");
    }

    @Test
    void rowsThatComeMeanwhileAreNotInAnyPart() throws Exception {
        try (Loader loader = loader()) {
            loader.next();
            loader.next();
            run(
                    source(),
                    "insert into public.t select n, 'late' from generate_series(-9, 0) n",
                    "update public.t set v = 'changed' where id > 100",
                    "delete from public.t where id <= 100");
            loadAll(loader);
        }

        assertLoaded();
    }

    /** Its rows are in other places then, or, for an older snapshot, nowhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "vacuum full public.t",
                "alter table public.t alter column v type varchar(40)",
                "alter table public.t alter column id type bigint"
            })
    void aTableThatIsRewrittenMeanwhileBeginsAgain(String rewrite) throws Exception {
        try (Loader loader = loader()) {
            loader.next();
            loader.next();
            run(source(), "set lock_timeout = 100", rewrite);
            loadAll(loader);
        }

        assertLoaded();
        assertThat(ask(target(), "select beginnings from changeover.loads")).containsExactly("2");
    }

    @Test
    void aTableThatIsEmptiedMeanwhileBeginsAgain() throws Exception {
        try (Loader loader = loader()) {
            loader.next();
            loader.next();
            run(source(), "truncate public.t", "insert into public.t values (1, 'one')");
            loadAll(loader);
        }

        assertThat(ask(target(), "select id, v from public.t")).containsExactly("1|one");
    }

    @Test
    void aTableThatSomebodyHasForHimselfComesLater() throws Exception {
        run(source(), "create table public.o (id int)", "insert into public.o values (1)");
        run(target(), "create table public.o (id int)");
        LoadLedger.enqueue(ledger, List.of(new LoadLedger.Entry(new TableName("public", "o"), 1, 8192)));
        try (Loader loader = loader()) {
            loader.next();
            try (Connection other = Connections.open(source(), "changeover-test");
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("lock table public.t in access exclusive mode");

                while (loader.next() == Loader.Outcome.WORKED) {
                    assertThat(progress.size()).isLessThan(10);
                }
                assertThat(ask(target(), "select table_name, state, error is null from changeover.loads order by 1"))
                        .containsExactly("o|done|true", "t|parts|false");
                other.rollback();
            }
            loadAll(loader);
        }

        assertThat(ask(target(), "select count(*) from public.t")).containsExactly(String.valueOf(ROWS));
        assertThat(ask(target(), "select count(*) from changeover.loads where state = 'done' and error is null"))
                .containsExactly("2");
    }

    @Test
    void aTableWhoseSnapshotIsLostBeginsAgainAndNoOther() throws Exception {
        run(source(), "create table public.o (id int)", "insert into public.o values (1)");
        run(target(), "create table public.o (id int)");
        LoadLedger.enqueue(ledger, List.of(new LoadLedger.Entry(new TableName("public", "o"), 1, 8192)));
        Loader first = loader();
        first.next();
        first.next();
        assertThat(ask(target(), "select count(*) > 0 from public.t")).containsExactly("true");
        first.close();
        run(source(), "update public.t set v = v || '!'", "delete from public.t where id = 1");

        loadAll();

        assertThat(ask(target(), "select count(*), count(distinct id), min(id), bool_and(v like '%!') from public.t"))
                .containsExactly((ROWS - 1) + "|" + (ROWS - 1) + "|2|true");
        assertThat(ask(target(), "select table_name, beginnings, rows from changeover.loads order by 1"))
                .containsExactly("o|0|1", "t|2|" + (ROWS - 1));
    }

    /** As after a restart of the source, when names are given again. */
    @Test
    void anotherSnapshotOfTheSameNameIsNotTakenForIt() throws Exception {
        try (Loader loader = loader()) {
            loader.next();
            run(target(), "update changeover.loads set snapshot = '1:1:'");
            loadAll(loader);
        }

        assertLoaded();
        assertThat(ask(target(), "select beginnings from changeover.loads")).containsExactly("2");
    }

    @Test
    void aPartThatIsNotFinishedIsLoadedByAnother() throws Exception {
        try (Loader holder = loader()) {
            holder.next();
            try (Connection dead = Connections.open(target(), "changeover-load")) {
                dead.setAutoCommit(false);
                PartLedger.Part part = PartLedger.claim(dead, List.of()).orElseThrow();
                assertThat(part.number()).isEqualTo(1);
                for (int i = 0; holder.next() == Loader.Outcome.WORKED; i++) {
                    assertThat(i).isLessThan(20);
                }
                assertThat(holder.next()).isEqualTo(Loader.Outcome.WAITS);
            }
            loadAll(holder);
        }

        assertLoaded();
        assertThat(ask(target(), "select beginnings from changeover.loads")).containsExactly("1");
    }

    /** The rows of a part that another loader finishes too late are not there twice. */
    @Test
    void aPartOfAnEarlierBeginningIsVoid() throws Exception {
        Loader first = loader();
        first.next();
        try (Connection late = Connections.open(target(), "changeover-load")) {
            late.setAutoCommit(false);
            PartLedger.Part part = PartLedger.claim(late, List.of()).orElseThrow();
            late.rollback(); // the server has lost its lock, as with a session that is cut off
            first.close();
            loadAll();

            assertThat(PartLedger.finish(late, part, 1, 1)).isFalse();
            late.rollback();
        }

        assertLoaded();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 12})
    @Tag("faults")
    void beforeFourteenPartsAreRangesOfTheKey(int major) throws Exception {
        try (LocalPostgres old = LocalPostgres.builder(major).fsync(false).start()) {
            ServerSettings from = old.settings("postgres");
            run(from, MAKE, FILL);
            try (Loader loader = new Loader(from, target(), PART, progress::add, () -> false)) {
                loadAll(loader);
            }
        }

        assertLoaded();
        assertThat(ask(target(), "select count(*) > 1, min(key_column) from changeover.load_parts"))
                .containsExactly("true|id");
    }

    @Test
    void rangesOfTheKeyAreAllOfTheTable() throws Exception {
        run(source(), "insert into public.t values (-2147483648, 'first'), (2147483647, 'last')");
        try (Connection from = Connections.open(source(), "changeover-test")) {
            List<PartLedger.Range> ranges = TableRanges.of(from, TABLE, PART, false);

            assertThat(ranges).hasSizeGreaterThan(3);
            String counts = ranges.stream()
                    .map(each -> "(select count(*) from public.t where " + TableRanges.condition(each) + ")")
                    .collect(Collectors.joining(" + "));
            assertThat(ask(source(), "select " + counts)).containsExactly(String.valueOf(ROWS + 2));
        }
    }

    @Test
    void aTableWithoutAnIntegerKeyHasNoRangesOfIt() throws Exception {
        run(source(), "alter table public.t drop constraint t_pkey", "alter table public.t add primary key (id, v)");
        try (Connection from = Connections.open(source(), "changeover-test")) {
            assertThat(TableRanges.of(from, TABLE, PART, false)).isEmpty();
        }
    }

    @Test
    void noMoreReadersThanThereMayBe() throws Exception {
        LimitLedger.write(ledger, new LimitLedger.Limits(OptionalInt.of(1), OptionalLong.empty()));
        try (Connection other = Connections.open(target(), "changeover-load");
                Loader loader = loader()) {
            assertThat(LimitLedger.takePlace(other, LimitLedger.read(other))).isTrue();
            assertThat(LimitLedger.readers(ledger)).isEqualTo(1);
            assertThat(loader.next()).isEqualTo(Loader.Outcome.WAITS);

            LimitLedger.write(ledger, LimitLedger.Limits.NONE);
            assertThat(loader.next()).isEqualTo(Loader.Outcome.WORKED);
        }
        loadAll();

        assertLoaded();
    }

    @Test
    void noMoreBytesThanThereMayBe() throws Exception {
        LimitLedger.write(ledger, new LimitLedger.Limits(OptionalInt.empty(), OptionalLong.of(4_000_000)));
        try (SharedLimit limit = new SharedLimit(target())) {
            assertThat(limit.bytesPerSecond()).isZero();
            limit.look();
            assertThat(limit.bytesPerSecond()).isEqualTo(4_000_000);
        }
        long begun = System.nanoTime();
        try (Loader loader = new Loader(source(), target(), 1 << 30, progress::add, () -> 1_000_000, () -> false)) {
            loadAll(loader);
        }

        assertLoaded();
        long bytes = LoadLedger.states(ledger).get(0).bytes();
        assertThat((System.nanoTime() - begun) / 1e9).isGreaterThan(bytes / 1e6 - 0.3);
    }

    private void assertLoaded() throws SQLException {
        assertThat(ask(target(), "select count(*), sum(id), count(distinct v) from public.t"))
                .containsExactly(ROWS + "|" + (ROWS * (ROWS + 1L) / 2) + "|" + ROWS);
        assertThat(LoadLedger.states(ledger))
                .allMatch(LoadLedger.State::done)
                .extracting(LoadLedger.State::rows)
                .containsExactly((long) ROWS);
    }

    private Loader loader() {
        return new Loader(source(), target(), PART, progress::add, () -> false);
    }

    private int loadAll() {
        try (Loader loader = loader()) {
            return loadAll(loader);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How often there was something to do. */
    private static int loadAll(Loader loader) throws SQLException {
        int worked = 0;
        for (Loader.Outcome outcome = loader.next(); outcome != Loader.Outcome.FINISHED; outcome = loader.next()) {
            worked += outcome == Loader.Outcome.WORKED ? 1 : 0;
        }
        return worked;
    }

    private static ServerSettings source() {
        return databases.source();
    }

    private static ServerSettings target() {
        return databases.target();
    }
}
