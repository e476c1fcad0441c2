package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.delete;
import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.truncate;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker shows of a task. */
@Timeout(60)
class SinkMetricsTest {

    private TargetDatabase target;
    private final ChangeTopic topic = new ChangeTopic();

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key, v int)");
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void countsWhatWasApplied() {
        topic.transaction(
                        0x10,
                        IntStream.range(0, 50)
                                .mapToObj(i -> insert("t", "id", "" + i, "v", "1"))
                                .toArray(ChangeEvent[]::new))
                .transaction(0x20, update("t", row("id", "1"), "id", "1", "v", "2"), delete("t", "id", "2"))
                .transaction(0x30, truncate("t"))
                .begin(0x40, insert("t", "id", "1"), insert("t", "id", "2"));
        try (RunningSink sink = new RunningSink(target.settings())) {
            assertThat(sink.context.metric("source-lag-ms")).isEqualTo(-1);
            sink.put(topic.all());

            assertThat(sink.context.metric("transactions-total")).isEqualTo(3);
            assertThat(sink.context.metric("groups-total")).isEqualTo(1);
            assertThat(sink.context.metric("rows-inserted-total")).isEqualTo(50);
            assertThat(sink.context.metric("rows-updated-total")).isEqualTo(1);
            assertThat(sink.context.metric("rows-deleted-total")).isEqualTo(1);
            assertThat(sink.context.metric("tables-truncated-total")).isEqualTo(1);
            assertThat(sink.context.metric("sets-taken-total")).isEqualTo(1);
            assertThat(sink.context.metric("held-changes")).isEqualTo(2);
            assertThat(sink.context.metric("held-bytes")).isPositive();
            assertThat(sink.context.metric("apply-time-total-ms")).isPositive();
            assertThat(sink.context.metric("apply-time-max-ms"))
                    .isEqualTo(sink.context.metric("apply-time-avg-ms"))
                    .isEqualTo(sink.context.metric("apply-time-total-ms"));
            assertThat(sink.context.metric("source-lag-ms")).isPositive();
        }
    }

    /** A stock source's topic has no transactions; how far behind is by when its records were produced. */
    @Test
    void countsRowsOfAStockSource() throws Exception {
        RowTopic rows = new RowTopic("t", "id", Schema.INT32_SCHEMA, "v", Schema.OPTIONAL_INT32_SCHEMA);
        IntStream.range(0, 20).forEach(id -> rows.read(id, 1));
        rows.update(3, 2).delete(4);
        try (RunningRows sink = new RunningRows(target.settings(), List.of(rows.partition()), RunningRows.UPSERT)) {
            assertThat(sink.context.metric("source-lag-ms")).isEqualTo(-1);
            sink.put(rows.from(0).subList(0, 20)).put(rows.from(20));

            assertThat(sink.context.metric("groups-total")).isEqualTo(2);
            assertThat(sink.context.metric("transactions-total")).isZero();
            assertThat(sink.context.metric("rows-inserted-total")).isEqualTo(20);
            assertThat(sink.context.metric("rows-updated-total")).isEqualTo(1);
            assertThat(sink.context.metric("rows-deleted-total")).isEqualTo(1);
            assertThat(sink.context.metric("sets-taken-total")).isEqualTo(1);
            assertThat(sink.context.metric("apply-time-total-ms")).isPositive();
            assertThat(sink.context.metric("source-lag-ms")).isPositive();
        }
    }

    @Test
    void countsWhatWentWrong() throws Exception {
        target.execute("insert into public.t select i, 0 from generate_series(100, 110) i");
        topic.transaction(
                0x10,
                IntStream.range(0, 50)
                        .mapToObj(i -> insert("t", "id", "" + i, "v", i == 7 ? "x" : "1"))
                        .toArray(ChangeEvent[]::new));
        try (RunningSink sink =
                new RunningSink(target.settings(), "change.failure.mode", "stop-table", "retry.backoff.ms", "5")) {
            target.terminateSink();
            sink.follow(topic, 1000);

            assertThat(sink.context.metric("retries-total")).isEqualTo(1);
            assertThat(sink.context.metric("sets-refused-total")).isEqualTo(1);
            assertThat(sink.context.metric("quarantine")).isEqualTo(1);
            assertThat(sink.context.metric("rows-inserted-total")).isZero();
        }
    }

    @Test
    void saysThatATransactionIsAppliedInPieces() {
        topic.begin(
                0x10,
                IntStream.range(0, 300).mapToObj(i -> insert("t", "id", "" + i)).toArray(ChangeEvent[]::new));
        try (RunningSink sink = new RunningSink(target.settings(), "transaction.buffer.changes", "100")) {
            sink.put(topic.all());

            assertThat(sink.context.metric("large-transaction-open")).isEqualTo(1);
        }
    }

    @Test
    void everyMetricIsInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("../docs/metrics.md"));
        try (RunningSink sink = new RunningSink(target.settings())) {
            assertThat(sink.context.metrics.metrics().keySet())
                    .filteredOn(name -> name.group().equals("plugins"))
                    .hasSize(17)
                    .allSatisfy(name -> assertThat(page).contains("| `" + name.name() + "` | " + name.description()));
        }
    }
}
