package io.changeover.sink;

import static io.changeover.sink.RowTopic.UNSENT;
import static io.changeover.sink.RunningRows.UPSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Topics of a stock Debezium source, one for each table. */
@Timeout(120)
class RowTopicsTest {

    private static final Schema INT = Schema.INT32_SCHEMA;
    private static final Schema TEXT = Schema.OPTIONAL_STRING_SCHEMA;

    private TargetDatabase target;
    private final RowTopic topic = new RowTopic("t", "id", INT, "name", TEXT, "big", TEXT);

    @BeforeEach
    void create() throws Exception {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key, name text default 'given', big text)");
    }

    @AfterEach
    void close() throws Exception {
        target.close();
    }

    @Test
    void snapshotThatIsSentTwiceIsThereOnce() throws Exception {
        IntStream.range(0, 50).forEach(id -> topic.read(id, "first", "b"));
        IntStream.range(0, 50).forEach(id -> topic.read(id, "again", "b"));

        try (RunningRows sink = sink(UPSERT)) {
            sink.put(topic.from(0).subList(0, 50)).put(topic.from(50));
            assertThat(sink.committed()).isEqualTo(Map.of(topic.partition(), 100L));
        }

        assertThat(target.query("select count(*), min(name), max(name) from public.t"))
                .containsExactly("50|again|again");
        assertThat(target.query("select topic_offset from changeover.streams where stream = 'shop.public.t-0'"))
                .containsExactly("100");
        assertThat(target.query("select inserts from changeover.counters")).containsExactly("100");
    }

    /** One by one and as sets of rows. */
    @ParameterizedTest
    @CsvSource({"1", "1000"})
    void lastChangeOfAKeyWins(int recordsPerPut) throws Exception {
        topic.read(1, "one", "b").read(2, "two", "b").read(3, null, null);
        topic.update(1, "uno", "b").delete(2).insert(4, "four", "b").delete(4).insert(4, "quattro", null);
        topic.move(3, 5, "cinque", null).update(5, "five", null);

        try (RunningRows sink = sink(UPSERT)) {
            for (int from = 0; from < topic.end(); from += recordsPerPut) {
                sink.put(topic.from(from).stream().limit(recordsPerPut).toList());
            }
        }

        assertThat(target.query("select * from public.t order by id"))
                .containsExactly("1|uno|b", "4|quattro|null", "5|five|null");
    }

    @Test
    void flattenedRowsAndTombstonesAreUnderstood() throws Exception {
        IntStream.range(0, 10).forEach(id -> topic.flat(id, "v" + id, null));
        IntStream.range(0, 8).forEach(topic::tombstone);
        topic.flat(8, "eight", null);

        try (RunningRows sink = sink(UPSERT)) {
            sink.put(topic.all());
        }

        assertThat(target.query("select * from public.t order by id")).containsExactly("8|eight|null", "9|v9|null");
    }

    @ParameterizedTest
    @CsvSource({"1", "20"})
    void columnThatWasNotSentStaysAsItIs(int rows) throws Exception {
        IntStream.range(0, rows).forEach(id -> topic.read(id, "before", "long " + id));
        IntStream.range(0, rows).forEach(id -> topic.update(id, "after", UNSENT));

        try (RunningRows sink = sink(UPSERT)) {
            sink.put(topic.from(0).subList(0, rows)).put(topic.from(rows));
        }

        assertThat(target.query("select * from public.t where name = 'after' and big = 'long ' || id"))
                .hasSize(rows);
    }

    @ParameterizedTest
    @CsvSource({"1", "20"})
    void updateOfARowThatIsNotThereStopsUnlessItIsToBePassedOver(int rows) throws Exception {
        IntStream.range(0, rows).forEach(id -> topic.update(id, "after", UNSENT));

        try (RunningRows sink = sink(UPSERT)) {
            assertThatThrownBy(() -> sink.put(topic.all()))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("CO-2042")
                    .hasMessageContaining("shop.public.t-0@0")
                    .hasMessageNotContaining("after");
        }
        try (RunningRows sink = sink(with(UPSERT, "missing.rows", "skip"))) {
            sink.put(topic.all());
            assertThat(sink.committed()).isEqualTo(Map.of(topic.partition(), (long) rows));
        }
        assertThat(target.query("select * from public.t")).isEmpty();
    }

    @Test
    void keyChangeKeepsTheColumnThatWasNotSent() throws Exception {
        topic.read(1, "n", "long").move(1, 2, "m", UNSENT);

        try (RunningRows sink = sink(UPSERT)) {
            sink.put(topic.all());
        }

        assertThat(target.query("select * from public.t")).containsExactly("2|m|long");
    }

    /** The topic's name is not always the table's; only the delete before it tells whose it is. */
    @Test
    void tombstoneBelongsToTheDeleteBeforeItAlsoAcrossARestart() throws Exception {
        target.execute("create table public.odd (id int primary key); insert into public.odd values (1), (2)");
        RowTopic odd = new RowTopic("odd", "id", INT);
        odd.delete(1);
        List<SinkRecord> routed = odd.all().stream()
                .map(record -> record.newRecord(
                        "shop.public.t", 0, record.keySchema(), record.key(), record.valueSchema(), record.value(), 0L))
                .toList();
        target.execute("insert into public.t values (1, 'not meant', null)");
        List<SinkRecord> placed = List.of(at(routed.get(0), 0), at(routed.get(1), 1));

        try (RunningRows sink = sink(UPSERT)) {
            sink.put(placed.subList(0, 1));
        }
        try (RunningRows sink = sink(UPSERT)) {
            assertThat(sink.context.seeks).isEqualTo(Map.of(topic.partition(), 0L));
            sink.put(placed);
            assertThat(sink.committed()).isEqualTo(Map.of(topic.partition(), 2L));
        }

        assertThat(target.query("select id from public.odd")).containsExactly("2");
        assertThat(target.query("select id from public.t")).containsExactly("1");
    }

    private static SinkRecord at(SinkRecord record, long offset) {
        return new SinkRecord(
                record.topic(), 0, record.keySchema(), record.key(), record.valueSchema(), record.value(), offset);
    }

    @Test
    void redeliveryChangesNothing() throws Exception {
        topic.insert(1, "one", null).insert(2, "two", null);
        try (RunningRows sink = sink("insert.mode", "insert")) {
            sink.put(topic.all());
        }

        try (RunningRows sink = sink("insert.mode", "insert")) {
            assertThat(sink.context.seeks).isEqualTo(Map.of(topic.partition(), 2L));
            sink.put(topic.all());
        }

        assertThat(target.query("select count(*) from public.t")).containsExactly("2");
    }

    @Test
    void topicThatBeginsAnewIsRefused() throws Exception {
        topic.read(1, "one", null).read(2, "two", null);
        try (RunningRows sink = sink(UPSERT)) {
            sink.put(topic.all());

            assertThatThrownBy(() -> sink.put(topic.all()))
                    .hasMessageContaining("CO-2040")
                    .hasMessageContaining("shop.public.t-0");
        }
    }

    @Test
    void earlierTaskIsFenced() throws Exception {
        topic.insert(1, "one", null);
        try (RunningRows zombie = sink(UPSERT);
                RunningRows sink = sink(UPSERT)) {
            assertThatThrownBy(() -> zombie.put(topic.all())).hasMessageContaining("fenced");
            sink.put(topic.all());
        }
        assertThat(target.query("select count(*) from public.t")).containsExactly("1");
    }

    @Test
    void lostConnectionIsResumedFromThePosition() throws Exception {
        topic.insert(1, "one", null).insert(2, "two", null);
        try (RunningRows sink = sink("insert.mode", "insert")) {
            sink.put(topic.from(0).subList(0, 1));
            target.terminateSink();

            assertThatThrownBy(() -> sink.put(topic.from(1))).isInstanceOf(RetriableException.class);
            sink.context.seeks.clear();
            sink.put(topic.from(1));
            assertThat(sink.context.seeks).isEqualTo(Map.of(topic.partition(), 1L));
            sink.put(topic.from(1));
        }
        assertThat(target.query("select id from public.t order by id")).containsExactly("1", "2");
    }

    @ParameterizedTest
    @CsvSource({"1", "30"})
    void insertOfARowThatIsThereIsRefusedByName(int rows) throws Exception {
        target.execute("insert into public.t values (0, 'there', null)");
        IntStream.range(0, rows).map(id -> rows - 1 - id).forEach(id -> topic.insert(id, "secret", null));

        try (RunningRows sink = sink("insert.mode", "insert")) {
            assertThatThrownBy(() -> sink.put(topic.all()))
                    .hasMessageContaining("CO-2048")
                    .hasMessageContaining("shop.public.t-0@" + (rows - 1))
                    .hasMessageContaining("23505")
                    .hasMessageNotContaining("secret");
        }
        assertThat(target.query("select name from public.t where id = 0")).containsExactly("there");
        assertThat(target.query("select count(*) from public.t")).containsExactly("" + rows);
    }

    @Test
    void updateModeTouchesNoRowThatIsNotThere() throws Exception {
        target.execute("insert into public.t values (3, 'old', 'kept')");
        IntStream.range(0, 9).forEach(id -> topic.update(id, "new", UNSENT));

        try (RunningRows sink = sink("insert.mode", "update", "pk.mode", "record_value", "pk.fields", "id")) {
            sink.put(topic.all());
        }

        assertThat(target.query("select * from public.t")).containsExactly("3|new|kept");
    }

    @Test
    void truncateEmptiesTheTableWhereItIsEnabled() throws Exception {
        topic.read(1, "one", null).truncate().insert(2, "two", null);

        try (RunningRows sink = sink(with(UPSERT, "truncate.enabled", "true"))) {
            sink.put(topic.all());
        }

        assertThat(target.query("select id from public.t")).containsExactly("2");
    }

    @Test
    void deletesArePassedOverWhereTheyAreNotEnabled() throws Exception {
        topic.read(1, "one", null).delete(1).truncate();

        try (RunningRows sink = sink("insert.mode", "upsert", "pk.mode", "record_key")) {
            sink.put(topic.all());
            assertThat(sink.committed()).isEqualTo(Map.of(topic.partition(), 4L));
        }

        assertThat(target.query("select id from public.t")).containsExactly("1");
    }

    /** As sets of rows one of them would have the other one's name for a moment. */
    @Test
    void swappedUniqueValuesAreWrittenInOrder() throws Exception {
        target.execute("create unique index on public.t (name)");
        for (int id = 0; id < 10; id++) {
            topic.read(id, "n" + id, null);
        }
        for (int id = 0; id < 10; id++) {
            topic.update(id, "moving" + id, null);
        }
        for (int id = 0; id < 10; id++) {
            topic.update(id, "n" + (9 - id), null);
        }

        try (RunningRows sink = sink(UPSERT)) {
            sink.put(topic.from(0).subList(0, 10)).put(topic.from(10));
        }

        assertThat(target.query("select name from public.t order by id limit 2"))
                .containsExactly("n9", "n8");
    }

    @Test
    void topicsMayComeInAnyOrderDespiteForeignKeys() throws Exception {
        target.execute("create table public.child (id int primary key, parent int references public.t)");
        RowTopic child = new RowTopic("child", "id", INT, "parent", Schema.OPTIONAL_INT32_SCHEMA);
        child.read(1, 7);
        topic.read(7, "parent", null);

        try (RunningRows sink =
                new RunningRows(target.settings(), List.of(child.partition(), topic.partition()), UPSERT)) {
            sink.put(child.all()).put(topic.all());
            assertThat(sink.committed()).isEqualTo(Map.of(child.partition(), 1L, topic.partition(), 1L));
        }

        assertThat(target.query("select c.id from public.child c join public.t on t.id = c.parent"))
                .containsExactly("1");
    }

    @Test
    void identityAndGeneratedColumnsTakeWhatTheyCan() throws Exception {
        target.execute(
                "drop table public.t; create table public.t (id int primary key, name text, big text generated always as"
                        + " (name || '!') stored, n int generated always as identity)");
        RowTopic numbered = new RowTopic("t", "id", INT, "name", TEXT, "big", TEXT, "n", INT);
        IntStream.range(0, 10).forEach(id -> numbered.read(id, "a", "computed", 100 + id));
        IntStream.range(0, 10).forEach(id -> numbered.update(id, "b", "computed", 200 + id));

        try (RunningRows sink = sink(UPSERT)) {
            sink.put(numbered.from(0).subList(0, 10)).put(numbered.from(10));
        }

        assertThat(target.query("select * from public.t where id = 3")).containsExactly("3|b|b!|203");
    }

    @Test
    void heartbeatsChangeNothingAndDefinitionsAreRefused() throws Exception {
        Schema heartbeat = SchemaBuilder.struct()
                .name("io.debezium.connector.common.Heartbeat")
                .field("ts_ms", Schema.INT64_SCHEMA)
                .build();
        Schema change = SchemaBuilder.struct()
                .name("io.debezium.connector.mysql.SchemaChangeValue")
                .field("ddl", Schema.STRING_SCHEMA)
                .build();
        topic.add(
                SchemaAndValue.NULL,
                new SchemaAndValue(heartbeat, new Struct(heartbeat).put("ts_ms", 1L)),
                new ConnectHeaders());
        topic.add(
                SchemaAndValue.NULL,
                new SchemaAndValue(change, new Struct(change).put("ddl", "drop table t")),
                new ConnectHeaders());

        try (RunningRows sink = sink(UPSERT)) {
            sink.put(topic.from(0).subList(0, 1));
            assertThat(sink.committed()).isEqualTo(Map.of(topic.partition(), 1L));
            assertThatThrownBy(() -> sink.put(topic.from(1))).hasMessageContaining("CO-2046");
        }
    }

    @Test
    void missingTableColumnAndKeyAreNamed() throws Exception {
        RowTopic other = new RowTopic("other", "id", INT);
        RowTopic wider = new RowTopic("t", "id", INT, "more", TEXT);
        RowTopic byName = new RowTopic("t", "name", TEXT, "id", INT);

        assertThatThrownBy(() -> {
                    try (RunningRows sink = new RunningRows(target.settings(), List.of(other.partition()), UPSERT)) {
                        sink.put(other.read(1).all());
                    }
                })
                .hasMessageContaining("CO-2047")
                .hasMessageContaining("public.other");
        assertThatThrownBy(() -> applied(wider.read(1, "x").all())).hasMessageContaining("no column \"more\"");
        assertThatThrownBy(() -> applied(byName.read("x", 1).all()))
                .hasMessageContaining("CO-2043")
                .hasMessageContaining("name");
        assertThatThrownBy(() -> applied(List.of(new SinkRecord("shop.public.t", 0, null, null, null, "text", 0))))
                .hasMessageContaining("CO-2041");
        assertThatThrownBy(() ->
                        applied(List.of(new SinkRecord("shop.public.t", 0, null, null, null, Map.of("id", 1L), 0))))
                .hasMessageContaining("CO-2049");
    }

    @Test
    void mapsWithoutSchemasAreReadByTheColumnsTypes() throws Exception {
        target.execute("alter table public.t add column born date, add column price numeric, add column ok boolean");
        Map<String, Object> row = Map.of("id", 1L, "name", "n", "price", 1.25, "ok", true, "born", "2020-02-29");
        List<SinkRecord> records = new ArrayList<>();
        records.add(new SinkRecord("shop.public.t", 0, null, Map.of("id", 1L), null, row, 0));
        applied(records);
        assertThat(target.query("select * from public.t")).containsExactly("1|n|null|2020-02-29|1.25|t");

        records.set(
                0,
                new SinkRecord("shop.public.t", 0, null, Map.of("id", 1L), null, Map.of("id", 1L, "born", 18321L), 5));
        assertThatThrownBy(() -> applied(records))
                .hasMessageContaining("CO-2045")
                .hasMessageContaining("\"born\" of public.t")
                .hasMessageContaining("schemas.enable");
    }

    @Test
    void settingsThatMeanNothingTogetherAreRefused() {
        assertThatThrownBy(() -> sink("insert.mode", "upsert"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("pk.mode=record_key");
        assertThatThrownBy(() -> sink("delete.enabled", "true")).hasMessageContaining("pk.mode=record_key");
        Map<String, String> upsert = RunningSink.properties(target.settings(), "insert.mode", "upsert");
        assertThat(new PostgresSinkConnector().validate(upsert).configValues())
                .filteredOn(value -> !value.errorMessages().isEmpty())
                .extracting(ConfigValue::name)
                .containsExactly("pk.mode");
        assertThatThrownBy(() -> sink("pk.mode", "kafka")).hasMessageContaining("never the same row twice");
    }

    /** Of one topic whose converter nobody names, the first record tells what it holds. */
    @Test
    void firstRecordTellsTheFormat() throws Exception {
        target.execute("create table public.rows (id int primary key)");
        ChangeTopic changes = new ChangeTopic().transaction(10, ChangeTopic.insert("rows", "id", "5"));

        try (RunningSink sink = new RunningSink(target.settings(), "value.converter", "some.Converter")) {
            assertThat(sink.context.seeks).isEmpty();
            sink.follow(changes, 2);
        }

        assertThat(target.query("select id from public.rows")).containsExactly("5");
        assertThat(target.query("select stream from changeover.streams")).containsExactly(ChangeTopic.NAME);
    }

    @Test
    void tasksAreAsManyAsTheTopicsAllow() {
        PostgresSinkConnector changes = new PostgresSinkConnector();
        changes.start(RunningSink.properties(target.settings()));
        PostgresSinkConnector rows = new PostgresSinkConnector();
        rows.start(RunningSink.properties(target.settings(), "topics", "shop.public.a,shop.public.b"));

        assertThat(changes.taskConfigs(3)).hasSize(1);
        assertThat(rows.taskConfigs(3)).hasSize(3);
    }

    private void applied(List<SinkRecord> records) {
        try (RunningRows sink = sink(UPSERT)) {
            sink.put(records);
        }
    }

    private RunningRows sink(String... keysAndValues) {
        return new RunningRows(target.settings(), List.of(topic.partition()), keysAndValues);
    }

    private static String[] with(String[] settings, String... more) {
        return Stream.of(settings, more).flatMap(Stream::of).toArray(String[]::new);
    }
}
