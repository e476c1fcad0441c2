package io.changeover.sink;

import static io.changeover.sink.RefusedRecords.COUNT;
import static io.changeover.sink.RefusedRecords.REFUSED;
import static io.changeover.sink.RefusedRecords.assertRows;
import static io.changeover.sink.RunningRows.UPSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a record of a stock Debezium source that cannot be applied, of its table, and of the others. */
@Timeout(60)
class RowQuarantineTest {

    private static final String LINE = "select stream, state, table_name, operation, topic_offset, commit_lsn,"
            + " sqlstate, failures, held_back from changeover.quarantine";

    private static final String[] LEAVE_OUT = {
        "errors.tolerance", "all", "errors.deadletterqueue.topic.name", "dead", "record.format", "rows"
    };

    private TargetDatabase target;
    private final RefusedRecords records = new RefusedRecords();

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        RefusedRecords.createTables(target);
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void aRecordThatStopsTheTaskIsNamedExactlyAndAllBeforeItIsThere(int batchSize) throws Exception {
        for (int attempt = 1; attempt <= 2; attempt++) {
            stops("Write to public.t by record shop.public.t-0@30: 23514", batchSize);
            assertThat(target.query(LINE))
                    .containsExactly("shop.public.t-0|stopped|t|insert|31|0/2A|23514|" + attempt + "|0");
        }
        assertThat(target.query("select key_hash = encode(sha256(convert_to('30', 'UTF8')), 'hex')"
                        + " from changeover.quarantine"))
                .containsExactly("t");
        assertRows(target, "t", REFUSED);
        assertRows(target, "u", REFUSED);
        assertThat(target.query("select stream, topic_offset from changeover.streams order by 1"))
                .containsExactly("shop.public.t-0|30", "shop.public.u-0|30");

        target.execute("alter table public.t drop constraint t_name_check");
        applies();
        assertRows(target, "t", COUNT);
        assertRows(target, "u", COUNT);
        assertThat(target.query(LINE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void aTableIsSetAsideFromTheRecordOnAndTheOthersGoOn(int batchSize) throws Exception {
        applies("change.failure.mode", "stop-table", "batch.size", "" + batchSize);

        assertRows(target, "t", REFUSED);
        assertRows(target, "u", COUNT);
        assertThat(target.query(LINE)).containsExactly("shop.public.t-0|set aside|t|insert|31|0/2A|23514|1|30");
    }

    @Test
    void aTableStaysSetAsideUntilItIsReleased() throws Exception {
        RowTopic topic = new RowTopic("t", "id", Schema.INT32_SCHEMA, "name", Schema.OPTIONAL_STRING_SCHEMA);
        topic.insert(1, "a").insert(2, "n30").insert(3, "b").insert(4, "c").insert(5, "d");
        for (int[] part : new int[][] {{0, 3}, {3, 4}}) {
            try (RunningRows sink = one(topic, "change.failure.mode", "stop-table")) {
                sink.put(topic.all().subList(part[0], part[1]));
            }
        }
        assertThat(target.query("select id from public.t")).containsExactly("1");
        assertThat(target.query("select held_back from changeover.quarantine")).containsExactly("3");

        try (RunningRows sink = one(topic, "change.failure.mode", "stop-table")) {
            target.execute("delete from changeover.quarantine");
            assertThatThrownBy(() -> sink.put(topic.from(4)))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("public.t was released");
            sink.put(topic.from(4)).put(topic.from(4));
        }
        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "5");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void recordsAreLeftOutIntoTheDeadLetterQueueWhenConnectMayDoThat(int batchSize) throws Exception {
        target.execute("alter table public.u add check (id % 10 <> 5)");
        List<String> reported = new ArrayList<>();
        try (RunningRows sink = records.open(target.settings(), with(LEAVE_OUT, "batch.size", "" + batchSize))) {
            sink.context.reporter = (record, error) -> {
                reported.add(record.topic() + "@" + record.kafkaOffset() + " " + error.getMessage());
                return CompletableFuture.completedFuture(null);
            };
            records.follow(sink);
            assertThat(sink.committed()).isEqualTo(records.ends());
        }

        assertRows(target, "t", COUNT, REFUSED);
        assertRows(target, "u", COUNT, 5, 15, 25, 35, 45, 55);
        assertThat(target.query(LINE + " order by 1"))
                .containsExactly(
                        "shop.public.t-0|skipped|t|insert|31|0/2A|23514|1|1",
                        "shop.public.u-0|skipped|u|insert|56|0/2A|23514|1|6");
        assertThat(reported)
                .hasSize(7)
                .anySatisfy(each -> assertThat(each)
                        .startsWith("shop.public.t@30 Write to public.t")
                        .contains("23514"));
    }

    @Test
    void nothingIsLeftOutThatTheDeadLetterQueueDoesNotTake() throws Exception {
        try (RunningRows sink = records.open(target.settings(), LEAVE_OUT)) {
            sink.context.reporter = (record, error) -> CompletableFuture.failedFuture(new IllegalStateException("no"));
            assertThatThrownBy(() -> records.follow(sink)).hasMessageContaining("CO-2035");
        }
        assertRows(target, "t", REFUSED);
        assertThat(target.query(LINE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"stop", "stop-table", "all"})
    void aRecordThatIsNotUnderstoodIsTreatedAlike(String mode) throws Exception {
        RowTopic topic = new RowTopic("missing", "id", Schema.INT32_SCHEMA);
        topic.insert(1);
        SinkRecord unreadable = new SinkRecord("shop.public.t", 0, null, null, null, "text", 0);
        String[] settings = mode.equals("all") ? LEAVE_OUT : new String[] {"change.failure.mode", mode};
        RowTopic other = new RowTopic("t", "id", Schema.INT32_SCHEMA);
        String state = mode.equals("stop") ? "stopped" : mode.equals("all") ? "skipped" : "set aside";
        try (RunningRows sink = one(topic, settings);
                RunningRows unread = one(other, settings)) {
            for (RunningRows each : List.of(sink, unread)) {
                each.context.reporter = (record, error) -> CompletableFuture.completedFuture(null);
            }
            if (mode.equals("stop")) {
                assertThatThrownBy(() -> sink.put(topic.all())).hasMessageContaining("CO-2047");
                assertThatThrownBy(() -> unread.put(List.of(unreadable))).hasMessageContaining("CO-2041");
            } else {
                sink.put(topic.all());
                unread.put(List.of(unreadable));
            }
        }
        assertThat(target.query("select table_name, state, operation, sqlstate from changeover.quarantine order by 1"))
                .containsExactly("missing|" + state + "|insert|42P01", "t|" + state + "|unreadable|22000");
    }

    /** Only the commit tells: so each record is tried alone. */
    @Test
    void aConstraintThatIsCheckedAtTheCommitFindsItsRecord() throws Exception {
        target.execute("alter table public.t drop constraint t_name_check");
        target.execute("create function public.refuse() returns trigger language plpgsql as $$ begin"
                + " if new.id = 30 then raise exception 'no' using errcode = '23514', schema = 'public', table = 't';"
                + " end if; return null; end $$");
        target.execute("create constraint trigger refuse after insert on public.t deferrable initially deferred"
                + " for each row execute function public.refuse()");
        target.execute("alter table public.t enable always trigger refuse");

        applies("change.failure.mode", "stop-table", "constraint.guard", "none");

        assertRows(target, "t", REFUSED);
        assertRows(target, "u", COUNT);
        assertThat(target.query(LINE)).containsExactly("shop.public.t-0|set aside|t|commit|31|0/2A|23514|1|30");
    }

    private void applies(String... settings) {
        try (RunningRows sink = records.open(target.settings(), settings)) {
            records.follow(sink);
            assertThat(sink.committed()).isEqualTo(records.ends());
        }
    }

    private void stops(String message, int batchSize) {
        try (RunningRows sink = records.open(target.settings(), "batch.size", "" + batchSize)) {
            assertThatThrownBy(() -> records.follow(sink))
                    .isInstanceOf(ConnectException.class)
                    .isNotInstanceOf(RetriableException.class)
                    .hasMessageContaining(message);
        }
    }

    private RunningRows one(RowTopic topic, String... settings) {
        return new RunningRows(target.settings(), List.of(topic.partition()), with(UPSERT, settings));
    }

    private static String[] with(String[] settings, String... more) {
        return Stream.of(settings, more).flatMap(Stream::of).toArray(String[]::new);
    }
}
