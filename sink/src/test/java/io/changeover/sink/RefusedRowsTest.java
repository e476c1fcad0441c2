package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import java.sql.SQLException;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator reads when a row cannot be applied: the object, never a value. */
@Timeout(60)
class RefusedRowsTest {

    private TargetDatabase target;
    private final ChangeTopic topic = new ChangeTopic();

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void namesAColumnThatIsMissing() throws Exception {
        target.execute("create table public.t (id int primary key)");
        topic.transaction(10, insert("t", "id", "1", "secret", "s3cr3t"));

        assertThatThrownBy(this::apply)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("public.t")
                .hasMessageContaining("\"secret\"")
                .hasMessageContaining("add column");
    }

    @Test
    void namesATableThatIsMissing() {
        topic.transaction(10, insert("t", "id", "1"));

        assertThatThrownBy(this::apply).hasMessageContaining("The target has no table public.t");
    }

    /** A column that was renamed on the source: a new one on the target would miss the values of all other rows. */
    @Test
    void saysWhatToDoAboutAColumnThatWasRenamed() throws Exception {
        target.execute("create table public.t (id int primary key, old text)");
        topic.transaction(10, insert("t", "id", "1", "old", "a"))
                .transaction(20, update("t", row("id", "1"), "id", "1", "renamed", "b"));

        assertThatThrownBy(this::apply)
                .hasMessageContaining("CO-2061")
                .hasMessageContaining("public.t")
                .hasMessageContaining("\"renamed\"")
                .hasMessageContaining("rename it on the target");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30})
    void namesAPartitionThatTheTargetDoesNotHave(int rows) throws Exception {
        target.execute("create table public.root (id int primary key, v text)");
        insertInto("root_2026", rows, "x");

        assertThatThrownBy(this::apply).hasMessageContaining("CO-2060").hasMessageContaining("public.root_2026");
    }

    @ParameterizedTest
    @CsvSource({"1, varchar(5), s3cr3ts, 22001", "30, varchar(5), s3cr3ts, 22001", "30, smallint, 70000, 22003"})
    void namesWhatATypeThatIsTooNarrowRefuses(int rows, String type, String value, String state) throws Exception {
        target.execute("create table public.t (id int primary key, v " + type + ")");
        insertInto("t", rows, value);

        assertThatThrownBy(this::apply)
                .hasMessageContaining("Insert into public.t at commit LSN 0/A")
                .hasMessageContaining(state)
                .hasMessageNotContaining(value);
        assertThat(target.query("select * from public.t")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30})
    void namesAColumnThatNeedsAValueNobodySends(int rows) throws Exception {
        target.execute("create table public.t (id int primary key, v text, needed int not null)");
        insertInto("t", rows, "x");

        assertThatThrownBy(this::apply)
                .hasMessageContaining("Insert into public.t")
                .hasMessageContaining("23502")
                .hasMessageContaining("needed");
    }

    private void insertInto(String table, int rows, String value) {
        topic.transaction(
                10,
                IntStream.range(0, rows)
                        .mapToObj(id -> insert(table, "id", String.valueOf(id), "v", value))
                        .toArray(ChangeEvent[]::new));
    }

    @Test
    void stopsWhereTheTargetHasDiverged() throws Exception {
        target.execute("create table public.t (id int primary key, v text)");
        topic.transaction(10, insert("t", "id", "1", "v", "s3cr3t"))
                .transaction(0x20, update("t", row("id", "1"), "id", "1", "v", "x"))
                .transaction(0x30, update("t", row("id", "77"), "id", "77", "v", "s3cr3t"));

        assertThatThrownBy(this::apply)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("diverged")
                .hasMessageContaining("Update of public.t at commit LSN 0/30")
                .hasMessageNotContaining("77")
                .hasMessageNotContaining("s3cr3t");
        assertThat(target.query("select * from public.t")).containsExactly("1|x");
        assertThat(target.query("select commit_lsn from changeover.streams")).containsExactly("0/20");
    }

    @Test
    void tellsWhatTheServerRefusedWithoutValues() throws Exception {
        target.execute("create table public.t (id int primary key, v int)");
        for (int i = 0; i < 700; i++) {
            topic.transaction(100 + i, insert("t", "id", String.valueOf(i), "v", i == 600 ? "s3\"cr3t" : "1"));
        }

        assertThatThrownBy(this::apply)
                .isInstanceOf(ConnectException.class)
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("s3").doesNotContain("cr3t"))
                .hasMessageContaining("Insert into public.t at commit LSN 0/2BC: 22P02")
                .hasMessageContaining("invalid input syntax for type integer");
    }

    @Test
    void tellsAConflictWithoutValues() throws Exception {
        target.execute("create table public.t (id int primary key)");
        target.execute("insert into public.t values (4711)");
        topic.transaction(0x10, insert("t", "id", "1"), insert("t", "id", "4711"));

        assertThatThrownBy(this::apply)
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("4711"))
                .hasMessageContaining("Insert into public.t at commit LSN 0/10: 23505")
                .hasMessageContaining("t_pkey");
    }

    private void apply() {
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.all());
        }
    }

    private static String stackTrace(Throwable e) {
        java.io.StringWriter text = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }
}
