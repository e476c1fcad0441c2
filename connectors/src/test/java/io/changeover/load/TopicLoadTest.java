package io.changeover.load;

import static io.changeover.load.LoadDatabases.ask;
import static io.changeover.load.LoadDatabases.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rows that go through a topic, whatever happens to its readers and writers. */
@Timeout(60)
class TopicLoadTest {

    private static final String TOPIC = "load";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    @RegisterExtension
    static final LoadDatabases databases = new LoadDatabases();

    private final List<TopicMessage> topic = new ArrayList<>();
    private TopicLoadSinkTask sink = new TopicLoadSinkTask();

    @BeforeEach
    void start() {
        sink.start(settings("target", target()));
    }

    @AfterEach
    void stop() {
        sink.stop();
    }

    @Test
    void valuesArriveAsTheyAre() throws Exception {
        databases.onBoth("create table public.\"T\" (id int primary key, \"a\"\"b\" text, b bytea, n numeric, z xml)");
        run(source(), """
                insert into public."T" select n, case n % 4 when 0 then null when 1 then '' when 2 then E'\\\\N\\t\\n\\r'
                else 'é🎉' end, decode(md5(n::text), 'hex'), n / 7.0, '<a/>' from generate_series(1, 20000) n""");

        read("T");
        write(0, topic.size());

        assertThat(rows(target(), "\"T\"")).isEqualTo(rows(source(), "\"T\""));
        assertThat(ask(target(), "select state, rows, format, snapshot is not null from changeover.loads"))
                .containsExactly("done|20000|text: the rows come through a topic|true");
    }

    @Test
    void aRowOfManyPiecesAndTablesWithoutColumnsOrRows() throws Exception {
        databases.onBoth(
                "create table public.t (v text)", "create table public.none ()", "create table public.e (i int)");
        run(source(), "insert into public.t select repeat('x', 3000000) from generate_series(1, 2)");
        run(source(), "insert into public.none default values", "insert into public.none default values");

        for (String each : List.of("t", "none", "e")) {
            read(each);
        }
        write(0, topic.size());

        assertThat(topic).filteredOn(TopicMessage.Rows.class::isInstance).hasSizeGreaterThan(20);
        assertThat(ask(target(), "select length(v) from public.t")).containsExactly("3000000", "3000000");
        assertThat(ask(target(), "select count(*) from public.none")).containsExactly("2");
        assertThat(ask(target(), "select bool_and(state = 'done'), count(*) from changeover.loads"))
                .containsExactly("true|3");
    }

    @Test
    void recordsThatComeTwiceCountOnce() throws Exception {
        table("t", 30_000);
        read("t");

        for (int i = 0; i < topic.size(); i++) {
            if (topic.get(i) instanceof TopicMessage.Rows) {
                write(i, i + 1);
            }
            write(i, i + 1);
        }
        write(0, topic.size());

        assertThat(rows(target(), "t")).isEqualTo(rows(source(), "t"));
    }

    /** A reader that dies leaves a copy without an end; the next one reads the table as it is then. */
    @Test
    void aCopyThatBeginsAgainReplacesTheOneBefore() throws Exception {
        table("t", 30_000);
        read("t");
        int cut = topic.size() - 1;
        topic.remove(cut);
        run(source(), "delete from public.t where id % 2 = 0");
        read("t");

        write(0, topic.size());

        assertThat(rows(target(), "t")).isEqualTo(rows(source(), "t"));
    }

    /** Tasks that share a partition, and one that was thought dead. */
    @Test
    void copiesOfSeveralTablesMayBeMixed() throws Exception {
        table("t", 30_000);
        table("u", 20_000);
        read("t");
        List<TopicMessage> first = List.copyOf(topic);
        topic.clear();
        read("u");
        List<TopicMessage> second = List.copyOf(topic);
        topic.clear();
        mix(first, second, new Random(4));

        write(0, topic.size());

        assertThat(rows(target(), "t")).isEqualTo(rows(source(), "t"));
        assertThat(rows(target(), "u")).isEqualTo(rows(source(), "u"));
    }

    /** A writer that dies anywhere: the next one begins where its offsets say. */
    @Test
    void aWriterThatTakesOverFindsAllOfACopy() throws Exception {
        table("t", 30_000);
        table("u", 20_000);
        read("t");
        read("u");
        Random random = new Random(7);
        int at = 0;
        long stored = 0;
        int deaths = 0;
        while (at < topic.size()) {
            write(at, at + 1);
            at++;
            stored = sink.preCommit(Map.of(PARTITION, new OffsetAndMetadata(at)))
                    .get(PARTITION)
                    .offset();
            if (deaths < 8 && random.nextInt(3) == 0) {
                deaths++;
                sink.stop();
                sink = new TopicLoadSinkTask();
                sink.start(settings("target", target()));
                at = (int) stored;
            }
        }

        assertThat(deaths).isPositive();
        assertThat(stored).isEqualTo(topic.size());
        assertThat(rows(target(), "t")).isEqualTo(rows(source(), "t"));
        assertThat(rows(target(), "u")).isEqualTo(rows(source(), "u"));
    }

    /** Connect asks a task that fails what may be committed, and then another one goes on from there. */
    @Test
    void aSessionThatIsLostAtTheEndOfACopyLeavesItsBeginningToBeReadAgain() throws Exception {
        table("t", 3000);
        read("t");
        int end = topic.size() - 1;
        write(0, end);
        assertThat(ask(target(), """
                select pg_terminate_backend(pid, 10000) from pg_stat_activity
                where datname = current_database() and application_name = 'changeover-load'""")).containsExactly("true");

        assertThatThrownBy(() -> write(end, topic.size())).isInstanceOf(ConnectException.class);
        long safe = sink.preCommit(Map.of(PARTITION, new OffsetAndMetadata(topic.size())))
                .get(PARTITION)
                .offset();
        assertThat(safe).isZero();

        sink.close(List.of(PARTITION));
        sink.stop();
        sink = new TopicLoadSinkTask();
        start();
        write((int) safe, topic.size());
        assertThat(rows(target(), "t")).isEqualTo(rows(source(), "t"));
    }

    @Test
    void rowsThatAreMissingInTheTopicAreNotMissed() throws Exception {
        table("t", 60_000);
        read("t");
        assertThat(topic).hasSizeGreaterThan(4);
        TopicMessage piece = topic.remove(2);

        assertThatThrownBy(() -> write(0, topic.size()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("CO-2072")
                .hasMessageContaining("piece 2 of its rows of table public.t");

        sink.stop();
        topic.add(2, piece);
        topic.remove(topic.size() - 2);
        assertThatThrownBy(() -> write(0, topic.size())).hasMessageContaining("CO-2072");
        sink.stop();
        assertThatThrownBy(() -> write(1, topic.size()))
                .hasMessageContaining("CO-2072")
                .hasMessageContaining("the beginning of the rows of table public.t");
        assertThat(ask(target(), "select count(*) from public.t")).containsExactly("0");
        assertThat(ask(target(), "select state from changeover.loads")).containsExactly("pending");
    }

    @Test
    void whatIsNoRecordOfALoadTopicIsRefused() {
        SinkRecord stranger = new SinkRecord(TOPIC, 0, Schema.STRING_SCHEMA, "k", Schema.STRING_SCHEMA, "v", 0);
        assertThatThrownBy(() -> sink.put(List.of(stranger)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("ByteArrayConverter");
        SinkRecord bare = new SinkRecord(TOPIC, 0, Schema.STRING_SCHEMA, "k", Schema.BYTES_SCHEMA, new byte[] {1}, 0);
        assertThatThrownBy(() -> sink.put(List.of(bare)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("header kind");
    }

    @Test
    void tablesAreDividedAmongTasksAndThoseThatWereReadAreNotReadAgain() throws Exception {
        for (int i = 0; i < 9; i++) {
            table("t" + i, 100 * i);
        }
        run(source(), "create publication p for all tables");
        Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();

        List<SourceRecord> records = new ArrayList<>();
        for (int task = 0; task < 2; task++) {
            records.addAll(poll(task, offsets));
        }
        for (SourceRecord each : records) {
            offsets.put(each.sourcePartition(), new HashMap<>(each.sourceOffset()));
        }
        sink.put(asTopic(records, 0));

        assertThat(ask(target(), "select count(*) from changeover.loads where state = 'done'"))
                .containsExactly("9");
        for (int i = 0; i < 9; i++) {
            assertThat(rows(target(), "t" + i)).isEqualTo(rows(source(), "t" + i));
        }
        assertThat(begun(poll(0, offsets)) + begun(poll(1, offsets))).isZero();
        offsets.remove(Map.of("table", "\"public\".\"t3\""));
        assertThat(begun(poll(0, offsets)) + begun(poll(1, offsets))).isEqualTo(1);
    }

    /** What a task hands over until it has nothing left: its thread ends. */
    private static List<SourceRecord> poll(int task, Map<Map<String, ?>, Map<String, Object>> offsets)
            throws Exception {
        TopicLoadTask reader = new TopicLoadTask();
        reader.initialize(context(offsets));
        Map<String, String> settings = new HashMap<>(settings("source", source()));
        settings.putAll(Map.of(
                "publication.name",
                "p",
                "topic",
                TOPIC,
                "progress.topic",
                "progress",
                "progress.interval.ms",
                "300",
                TopicLoadConfig.TASK,
                String.valueOf(task),
                TopicLoadConfig.TASKS,
                "2"));
        settings.put("name", "reader" + task);
        reader.start(settings);
        List<SourceRecord> records = new ArrayList<>();
        await("a task that has read its tables").atMost(Duration.ofSeconds(30)).until(() -> {
            List<SourceRecord> some = reader.poll();
            if (some != null) {
                some.stream().filter(each -> each.topic().equals(TOPIC)).forEach(records::add);
            }
            return some == null && !isReading(task);
        });
        reader.stop();
        return records;
    }

    private static int begun(Collection<SourceRecord> records) {
        return (int) records.stream()
                .filter(each ->
                        "begin".equals(each.headers().lastWithName("kind").value()))
                .count();
    }

    private static boolean isReading(int task) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(each -> each.getName().equals("changeover-load-reader" + task));
    }

    private static SourceTaskContext context(Map<Map<String, ?>, Map<String, Object>> stored) {
        OffsetStorageReader reader = new OffsetStorageReader() {
            @Override
            public <T> Map<String, Object> offset(Map<String, T> partition) {
                return stored.get(partition);
            }

            @Override
            public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
                Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
                partitions.forEach(each -> found.put(each, stored.get(each)));
                return found;
            }
        };
        return new SourceTaskContext() {
            @Override
            public Map<String, String> configs() {
                return Map.of();
            }

            @Override
            public PluginMetrics pluginMetrics() {
                throw new UnsupportedOperationException();
            }

            @Override
            public OffsetStorageReader offsetStorageReader() {
                return reader;
            }
        };
    }

    private static void table(String name, int rows) throws SQLException {
        databases.onBoth("create table public." + name + " (id int primary key, v text)");
        run(
                source(),
                "insert into public." + name + " select n, 'value number ' || n from generate_series(1, " + rows
                        + ") n");
    }

    private void read(String table) throws SQLException, InterruptedException {
        new TopicCopy(
                        source(),
                        new Throttle(() -> 0, System::nanoTime),
                        (entry, message, amount) -> topic.add(message),
                        () -> false)
                .run(new LoadLedger.Entry(new TableName("public", table), 1, 1));
    }

    private void mix(List<TopicMessage> first, List<TopicMessage> second, Random random) {
        int left = 0;
        int right = 0;
        while (left < first.size() || right < second.size()) {
            if (right == second.size() || (left < first.size() && random.nextBoolean())) {
                topic.add(first.get(left++));
            } else {
                topic.add(second.get(right++));
            }
        }
    }

    private void write(int from, int to) {
        sink.put(asTopic(
                topic.subList(from, to).stream()
                        .map(each -> each.toRecord(TOPIC, Map.of(), Map.of()))
                        .toList(),
                from));
    }

    private static List<SinkRecord> asTopic(List<SourceRecord> records, int first) {
        List<SinkRecord> read = new ArrayList<>();
        for (SourceRecord each : records) {
            read.add(new SinkRecord(
                    TOPIC,
                    0,
                    each.keySchema(),
                    each.key(),
                    each.valueSchema(),
                    each.value(),
                    first + read.size(),
                    null,
                    null,
                    each.headers()));
        }
        return read;
    }

    private static String rows(ServerSettings server, String table) throws SQLException {
        return ask(server, "select count(*), sum(hashtextextended(t::text, 0)::numeric) from public." + table + " t")
                .get(0);
    }

    private static Map<String, String> settings(String side, ServerSettings server) {
        return Map.of(
                side + ".host", server.host(),
                side + ".port", String.valueOf(server.port()),
                side + ".database", server.database(),
                side + ".user", server.user(),
                side + ".password", server.password(),
                side + ".ssl.mode", "disable");
    }

    private static ServerSettings source() {
        return databases.source();
    }

    private static ServerSettings target() {
        return databases.target();
    }
}
