package io.changeover.load;

import static io.changeover.load.LoadDatabases.ask;
import static io.changeover.load.LoadDatabases.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tables over which COPY could stumble. */
@Timeout(60)
class TableLoadTest {

    @RegisterExtension
    static final LoadDatabases databases = new LoadDatabases();

    @Test
    void rowsOfAnEmptyTableAreFrozen() throws Exception {
        databases.onBoth("create table public.t (id int primary key, v text)");
        run(source(), "insert into public.t select n, 'x' from generate_series(1, 1000) n");
        run(target(), "create extension pg_visibility");

        assertThat(load("t")).isEqualTo(1000);

        assertThat(ask(target(), "select bool_and(all_frozen) from pg_visibility_map('public.t')"))
                .containsExactly("true");
    }

    @Test
    void aTableThatIsReferredToOrHasRowsIsLoadedAllTheSame() throws Exception {
        databases.onBoth("create table public.t (id int primary key)");
        run(source(), "insert into public.t values (1)");
        run(target(), "create table public.child (t int references public.t)", "insert into public.t values (2)");

        assertThat(load("t")).isEqualTo(1);

        assertThat(ask(target(), "select id from public.t order by 1")).containsExactly("1", "2");
    }

    @Test
    void rowsWithoutColumnsAreCounted() throws Exception {
        databases.onBoth("create table public.t ()");
        run(source(), "insert into public.t default values", "insert into public.t default values");

        assertThat(load("t")).isEqualTo(2);

        assertThat(ask(target(), "select count(*) from public.t")).containsExactly("2");
    }

    @Test
    void rowsWithoutColumnsThatTakeAValueAreComputed() throws Exception {
        databases.onBoth("create table public.t (g int generated always as (7) stored)");
        run(source(), "insert into public.t default values", "insert into public.t default values");

        assertThat(load("t")).isEqualTo(2);

        assertThat(ask(target(), "select g from public.t")).containsExactly("7", "7");
    }

    @Test
    void rowsWhoseColumnsWereDroppedHaveNoValues() throws Exception {
        run(source(), "create table public.t (a int, b text)", "insert into public.t values (1, 'x'), (2, null)");
        run(source(), "alter table public.t drop a, drop b");
        run(target(), "create table public.t ()");

        assertThat(load("t")).isEqualTo(2);

        assertThat(ask(target(), "select count(*) from public.t")).containsExactly("2");
    }

    @Test
    void asManyColumnsAsThereCanBeAreLoaded() throws Exception {
        String columns =
                IntStream.range(0, 1600).mapToObj(i -> "c" + i + " int2").collect(Collectors.joining(", "));
        String values = IntStream.range(0, 1600).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        databases.onBoth("create table public.t (" + columns + ")");
        run(source(), "insert into public.t values (" + values + ")");

        assertThat(load("t")).isEqualTo(1);

        assertThat(ask(target(), "select c0 + c1599 from public.t")).containsExactly("1599");
    }

    @Test
    void columnsAreFoundByNameWhateverTheirOrder() throws Exception {
        run(source(), "create table public.t (gone int, a text, \"A\" text, \"a\"\"\nb\" text)");
        run(source(), "alter table public.t drop gone", "insert into public.t values ('small', 'CAPITAL', '\\N')");
        run(target(), "create table public.t (\"a\"\"\nb\" text, more int default 5, \"A\" text, a text)");

        assertThat(load("t")).isEqualTo(1);

        assertThat(ask(target(), "select a || \"A\" || \"a\"\"\nb\" || more from public.t"))
                .containsExactly("smallCAPITAL\\N5");
    }

    /** The number of rows that the ledger says were loaded. */
    private static long load(String table) throws SQLException {
        TableName name = new TableName("public", table);
        try (Connection ledger = Connections.open(target(), "changeover-test")) {
            Ledger.create(ledger);
            LoadLedger.enqueue(ledger, List.of(new LoadLedger.Entry(name, 0, 0)));
            try (Loader loader = new Loader(source(), target(), 1 << 30, progress -> {}, () -> false)) {
                assertThat(loader.next()).isEqualTo(Loader.Outcome.WORKED);
                assertThat(loader.next()).isEqualTo(Loader.Outcome.FINISHED);
            }
            LoadLedger.State state = LoadLedger.states(ledger).get(0);
            assertThat(state.done()).isTrue();
            return state.rows();
        }
    }

    private static ServerSettings source() {
        return databases.source();
    }

    private static ServerSettings target() {
        return databases.target();
    }
}
