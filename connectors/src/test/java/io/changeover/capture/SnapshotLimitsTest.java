package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Debezium's snapshot can carry with our query, and what it cannot: docs/values.md tells of the latter. The load
 * connector and the stream have none of these limits. If one of them falls with a newer Debezium, that is good news.
 */
class SnapshotLimitsTest {

    private static final int MAJOR = 17;

    private static LocalPostgres server;
    private static int databases;

    @BeforeAll
    static void start() throws SQLException {
        server = ValueDatabase.startServer(MAJOR);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ValueDatabase database(String... statements) throws SQLException {
        ValueDatabase database = ValueDatabase.create(server, MAJOR, "limits_" + ++databases, "UTF8");
        database.execute(statements);
        return database;
    }

    @Test
    void columnsThatDifferByCaseStopIt() throws SQLException {
        ValueDatabase database = database(
                "create table public.t (id int, a text, \"A\" text)", "insert into public.t values (1, 'x', 'y')");

        assertThatThrownBy(() -> DebeziumSnapshot.read(database)).hasStackTraceContaining("differ only by case");
    }

    @Test
    void tableWithoutColumnsStopsIt() throws SQLException {
        ValueDatabase database = database("create table public.t ()");

        assertThatThrownBy(() -> DebeziumSnapshot.read(database)).hasStackTraceContaining("NullPointerException");
    }

    /** Debezium does not quote such a name. */
    @ParameterizedTest
    @ValueSource(strings = {"t\"", "\"t"})
    void nameThatBeginsOrEndsWithAQuoteStopsIt(String name) throws SQLException {
        ValueDatabase database = database("create table " + new TableName("public", name).quoted() + " (id int)");

        assertThatThrownBy(() -> DebeziumSnapshot.read(database)).hasStackTraceContaining("Snapshotting of table");
    }

    /** Its patterns do not match a line break, and nobody is told. */
    @Test
    void tableWithALineBreakInItsNameIsLeftOut() throws Exception {
        ValueDatabase database = database(
                "create table public.\"new\nline\" (id int)",
                "insert into public.\"new\nline\" values (1)",
                "create table public.ordinary (id int)",
                "insert into public.ordinary values (2)");

        assertThat(DebeziumSnapshot.read(database))
                .containsExactly(new DebeziumSnapshot.Row(new TableName("public", "ordinary"), Map.of("id", "2")));
    }

    @Test
    void inheritedRowsComeOnce() throws Exception {
        ValueDatabase database = database(
                "create table public.parent (id int)",
                "create table public.child (x int) inherits (public.parent)",
                "insert into public.parent values (1)",
                "insert into public.child values (2, 3)");

        assertThat(DebeziumSnapshot.read(database))
                .containsExactlyInAnyOrder(
                        new DebeziumSnapshot.Row(new TableName("public", "parent"), Map.of("id", "1")),
                        new DebeziumSnapshot.Row(new TableName("public", "child"), Map.of("id", "2", "x", "3")));
    }

    @Test
    void rowsOfAPartitionComeOnceUnderItsOwnName() throws Exception {
        ValueDatabase database = database(
                "create table public.\"root ä\" (id int) partition by list (id)",
                "create table public.\"leaf ö\" partition of public.\"root ä\" for values in (1)",
                "insert into public.\"root ä\" values (1)");

        assertThat(DebeziumSnapshot.read(database))
                .containsExactly(new DebeziumSnapshot.Row(new TableName("public", "leaf ö"), Map.of("id", "1")));
    }

    /** The stream, as the publication has it, does not. */
    @Test
    void generatedColumnsAreInIt() throws Exception {
        ValueDatabase database = database(
                "create table public.t (id int, g int generated always as (id + 1) stored)",
                "insert into public.t values (1)");

        assertThat(DebeziumSnapshot.read(database))
                .containsExactly(new DebeziumSnapshot.Row(new TableName("public", "t"), Map.of("id", "1", "g", "2")));
    }
}
