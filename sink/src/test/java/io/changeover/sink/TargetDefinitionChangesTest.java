package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody changes the definition of a table on the target while a task runs that has written to it. */
@Timeout(60)
class TargetDefinitionChangesTest {

    /** Enough for a set. */
    private static final int MANY = 30;

    private TargetDatabase target;
    private final ChangeTopic topic = new ChangeTopic();
    private long delivered;
    private long number = 10;

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    /** A statement whose parameters are of the old type would read the value as that, and lose what it cannot hold. */
    @ParameterizedTest
    @CsvSource({
        "date, timestamp, 2024-01-02 03:04:05.678",
        "real, double precision, 0.1",
        "integer, bigint, 4294967296",
        "\"char(4)\", text, 'ab  '",
        "integer, numeric, 1.50",
        "varchar(3), text, longer",
        "text, bytea, \\x00",
    })
    void aColumnOfAnotherTypeTakesItsValues(String before, String after, String value) throws Exception {
        String type = before.replace("\"", "");
        String old = type.equals("date") ? "2024-01-01" : "1";
        target.execute("create table public.t (id int primary key, v " + type + ")");
        try (RunningSink sink = new RunningSink(target.settings())) {
            deliver(sink, insert("t", "id", "1", "v", old), insert("t", "id", "2", "v", old));
            deliver(sink, update("t", row("id", "1"), "id", "1", "v", old));
            deliver(sink, rows(3, old));
            target.execute("alter table public.t alter v type " + after + " using v::" + after);
            deliver(sink, insert("t", "id", "101", "v", value), update("t", row("id", "1"), "id", "1", "v", value));
            deliver(sink, rows(200, value));
            deliver(sink, updates(200, value));
        }

        assertThat(target.query("select distinct concat(v) from public.t where id = 1 or id > 100"))
                .containsExactly(value);
    }

    @Test
    void columnsThatChangePlacesTakeTheirValuesByName() throws Exception {
        target.execute("create table public.t (id int primary key, a int, b int, c text)");
        try (RunningSink sink = new RunningSink(target.settings())) {
            deliver(sink, insert("t", "id", "1", "a", "1", "b", "2", "c", "3"));
            target.execute("alter table public.t drop a; alter table public.t add a text;"
                    + " alter table public.t drop c; alter table public.t add c int");
            deliver(sink, insert("t", "id", "2", "a", "one", "b", "2", "c", "3"));
            deliver(sink, update("t", row("id", "1"), "id", "1", "a", "one", "b", "2", "c", "3"));
        }

        assertThat(target.query("select a, b, c from public.t")).containsExactly("one|2|3", "one|2|3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MANY})
    void aColumnThatWasDroppedIsNamedAndNothingIsLostAfterTheRepair(int rows) throws Exception {
        target.execute("create table public.t (id int primary key, v text)");
        stopsAndGoesOn(
                rows,
                "alter table public.t drop v",
                "Table public.t on the target has no column \"v\"",
                "alter table public.t add v text");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MANY})
    void aColumnThatWasRenamedIsNamed(int rows) throws Exception {
        target.execute("create table public.t (id int primary key, v text)");
        stopsAndGoesOn(
                rows,
                "alter table public.t rename v to w; alter table public.t add z text",
                "Table public.t on the target has no column \"v\"",
                "alter table public.t rename w to v");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MANY})
    void aTableThatWasRenamedIsNamed(int rows) throws Exception {
        target.execute("create table public.t (id int primary key, v text)");
        stopsAndGoesOn(
                rows,
                "alter table public.t rename to elsewhere",
                "The target has no table public.t",
                "alter table public.elsewhere rename to t");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, MANY})
    void aSchemaThatWasRenamedIsNamed(int rows) throws Exception {
        target.execute("create table public.t (id int primary key, v text)");
        stopsAndGoesOn(
                rows,
                "alter schema public rename to elsewhere",
                "The target has no table public.t",
                "alter schema elsewhere rename to public");
    }

    @Test
    void aTableThatAnotherOneReplacesIsReadAgain() throws Exception {
        target.execute("create table public.t (id int primary key, v int)");
        try (RunningSink sink = new RunningSink(target.settings())) {
            deliver(sink, insert("t", "id", "1", "v", "1"));
            target.execute(
                    "alter table public.t rename to old; create table public.t (v text, id numeric primary key)");
            target.execute("insert into public.t select v, id from public.old");
            deliver(sink, update("t", row("id", "1"), "id", "1", "v", "one"));
        }

        assertThat(target.query("select id, v from public.t")).containsExactly("1|one");
        assertThat(target.query("select id, v from public.old")).containsExactly("1|1");
    }

    /** While a row has no key, equal rows are told from others by all columns; with one, by the key. */
    @Test
    void aKeyThatComesAndGoesIsNoticed() throws Exception {
        target.execute("create table public.t (id int, v text)");
        target.execute("insert into public.t select i, 'v' from generate_series(1, 5) i");
        try (RunningSink sink = new RunningSink(target.settings())) {
            deliver(sink, update("t", row("id", "1", "v", "v"), "id", "1", "v", "w"));
            target.execute("alter table public.t add primary key (id)");
            deliver(sink, update("t", row("id", "2", "v", "not looked at"), "id", "2", "v", "w"));
            target.execute("alter table public.t drop constraint t_pkey");
            deliver(sink, update("t", row("id", "3", "v", "v"), "id", "3", "v", "w"));
        }

        assertThat(target.query("select count(*) from public.t where v = 'w'")).containsExactly("3");
    }

    private void stopsAndGoesOn(int rows, String damage, String message, String repair) throws Exception {
        RunningSink stopped = new RunningSink(target.settings());
        deliver(stopped, rows(100, "old"));
        target.execute(damage);
        assertThatThrownBy(() -> deliver(stopped, rows(200, rows, "new")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(message);
        stopped.close();

        target.execute(repair);
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.follow(topic, 100);
        }
        assertThat(target.query("select count(*) from public.t where v = 'new'"))
                .containsExactly(String.valueOf(rows));
        assertThat(target.query("select count(*) from public.t where id < 200")).containsExactly("" + MANY);
    }

    private void deliver(RunningSink sink, ChangeEvent... changes) {
        topic.transaction(number++, changes);
        long from = delivered;
        delivered = topic.end();
        sink.put(topic.from(from));
    }

    private static ChangeEvent[] rows(int first, String value) {
        return rows(first, MANY, value);
    }

    private static ChangeEvent[] rows(int first, int count, String value) {
        return each(first, count, id -> insert("t", "id", id, "v", value));
    }

    private static ChangeEvent[] updates(int first, String value) {
        return each(first, MANY, id -> update("t", row("id", id), "id", id, "v", value));
    }

    private static ChangeEvent[] each(int first, int count, java.util.function.Function<String, ChangeEvent> change) {
        List<ChangeEvent> changes = IntStream.range(first, first + count)
                .mapToObj(String::valueOf)
                .map(change)
                .toList();
        return changes.toArray(ChangeEvent[]::new);
    }
}
