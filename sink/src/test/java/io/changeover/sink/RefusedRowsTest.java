package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
        assertThat(target.query("select * from public.t")).isEmpty();
        assertThat(target.query("select topic_offset from changeover.streams")).containsExactly("0");
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
