package io.changeover.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tables over which COPY could stumble. */
@Timeout(60)
class TableLoadTest {

    private static LocalPostgres server;

    @BeforeAll
    static void startServer() {
        server = LocalPostgres.builder(17).fsync(false).start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabases() throws SQLException {
        for (String side : List.of("source", "target")) {
            run(server.settings("postgres"), "drop database if exists " + side);
            run(server.settings("postgres"), "create database " + side);
        }
    }

    @Test
    void rowsWithoutColumnsAreCounted() throws Exception {
        onBoth("create table public.t ()");
        run(source(), "insert into public.t default values", "insert into public.t default values");

        assertThat(load("t")).isEqualTo(2);

        assertThat(ask("select count(*) from public.t")).containsExactly("2");
    }

    @Test
    void rowsWithoutColumnsThatTakeAValueAreComputed() throws Exception {
        onBoth("create table public.t (g int generated always as (7) stored)");
        run(source(), "insert into public.t default values", "insert into public.t default values");

        assertThat(load("t")).isEqualTo(2);

        assertThat(ask("select g from public.t")).containsExactly("7", "7");
    }

    @Test
    void rowsWhoseColumnsWereDroppedHaveNoValues() throws Exception {
        run(source(), "create table public.t (a int, b text)", "insert into public.t values (1, 'x'), (2, null)");
        run(source(), "alter table public.t drop a, drop b");
        run(target(), "create table public.t ()");

        assertThat(load("t")).isEqualTo(2);

        assertThat(ask("select count(*) from public.t")).containsExactly("2");
    }

    @Test
    void asManyColumnsAsThereCanBeAreLoaded() throws Exception {
        String columns =
                IntStream.range(0, 1600).mapToObj(i -> "c" + i + " int2").collect(Collectors.joining(", "));
        String values = IntStream.range(0, 1600).mapToObj(String::valueOf).collect(Collectors.joining(", "));
        onBoth("create table public.t (" + columns + ")");
        run(source(), "insert into public.t values (" + values + ")");

        assertThat(load("t")).isEqualTo(1);

        assertThat(ask("select c0 + c1599 from public.t")).containsExactly("1599");
    }

    @Test
    void columnsAreFoundByNameWhateverTheirOrder() throws Exception {
        run(source(), "create table public.t (gone int, a text, \"A\" text, \"a\"\"\nb\" text)");
        run(source(), "alter table public.t drop gone", "insert into public.t values ('small', 'CAPITAL', '\\N')");
        run(target(), "create table public.t (\"a\"\"\nb\" text, more int default 5, \"A\" text, a text)");

        assertThat(load("t")).isEqualTo(1);

        assertThat(ask("select a || \"A\" || \"a\"\"\nb\" || more from public.t"))
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
        return server.settings("source");
    }

    private static ServerSettings target() {
        return server.settings("target");
    }

    private static void onBoth(String sql) throws SQLException {
        run(source(), sql);
        run(target(), sql);
    }

    private static List<String> ask(String query) throws SQLException {
        try (Connection connection = Connections.open(target(), "changeover-test");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
            return lines;
        }
    }

    private static void run(ServerSettings settings, String... statements) throws SQLException {
        try (Connection connection = Connections.open(settings, "changeover-test");
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
