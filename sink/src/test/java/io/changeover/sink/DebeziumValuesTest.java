package io.changeover.sink;

import static io.changeover.sink.RunningRows.UPSERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stock Debezium makes of values, through its converter, into columns of their types, and out again as text. */
@Timeout(120)
class DebeziumValuesTest {

    private record Value(String type, Schema schema, Object value, String text) {
        @Override
        public String toString() {
            return type + " of " + (schema.name() == null ? schema.type() : schema.name()) + ": " + text;
        }
    }

    private static final byte[] BYTES = {0, (byte) 0xff, 92, 10};

    private static final int LAST_DAY =
            Math.toIntExact(LocalDate.of(5_874_897, 12, 31).toEpochDay());

    private static TargetDatabase target;

    @BeforeAll
    static void create() throws Exception {
        target = TargetDatabase.create();
        target.execute("create extension hstore schema public");
        target.execute("create type public.mood as enum ('sad', 'a, b')");
        target.execute("create type public.pair as (a int, b text)");
        target.execute("create domain public.raw as bytea");
        target.execute("create domain public.small_ints as int[]");
    }

    @AfterAll
    static void close() throws Exception {
        target.close();
    }

    static Stream<Value> values() {
        return Stream.of(numbers(), texts(), times(), instants(), collections(), bits(), shapes(), structured())
                .flatMap(each -> each);
    }

    private static Stream<Value> numbers() {
        return Stream.of(
                value("bool", plain(Schema.Type.BOOLEAN), true, "true"),
                value("int2", plain(Schema.Type.INT16), (short) -32768, "-32768"),
                value("int8", plain(Schema.Type.INT64), Long.MIN_VALUE, "-9223372036854775808"),
                value("oid", plain(Schema.Type.INT64), 4294967295L, "4294967295"),
                value("real", plain(Schema.Type.FLOAT32), 1.1f, "1.1"),
                value("float8", plain(Schema.Type.FLOAT64), Double.MIN_VALUE, "5e-324"),
                value("numeric", plain(Schema.Type.FLOAT64), 12.5, "12.5"),
                value("numeric", plain(Schema.Type.STRING), "1.500", "1.500"),
                value("numeric", plain(Schema.Type.STRING), "NAN", "NaN"),
                value("numeric", plain(Schema.Type.STRING), "NEGATIVE_INFINITY", "-Infinity"),
                value(
                        "numeric(20,3)",
                        Decimal.builder(3).build(),
                        new BigDecimal("-12345678901234567.890"),
                        "-12345678901234567.890"),
                value("money", Decimal.builder(2).build(), new BigDecimal("-1234.50"), "-$1,234.50"),
                value("numeric", variableScale(), variable("1e-30"), "0.000000000000000000000000000001"),
                value("numeric", variableScale(), variable("-1E+20"), "-100000000000000000000"));
    }

    private static Stream<Value> texts() {
        return Stream.of(
                value("text", plain(Schema.Type.STRING), "", ""),
                value("text", plain(Schema.Type.STRING), "NULL \\N \t\n\r\"'{}", "NULL \\N \t\n\r\"'{}"),
                value("char(4)", plain(Schema.Type.STRING), "ab  ", "ab"),
                value("json", named("io.debezium.data.Json"), "{\"a\" : 1}", "{\"a\" : 1}"),
                value("jsonb", named("io.debezium.data.Json"), "{\"a\" : 1}", "{\"a\": 1}"),
                value("xml", named("io.debezium.data.Xml"), "<a>1</a>", "<a>1</a>"),
                value(
                        "uuid",
                        named("io.debezium.data.Uuid"),
                        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
                value("public.mood", named("io.debezium.data.Enum"), "a, b", "a, b"),
                value("tsvector", named("io.debezium.data.Tsvector"), "'cat':2 'fat':1", "'cat':2 'fat':1"),
                value("inet", plain(Schema.Type.STRING), "10.0.0.1/8", "10.0.0.1/8"),
                value("bytea", plain(Schema.Type.BYTES), BYTES, "\\x00ff5c0a"),
                value("public.raw", plain(Schema.Type.BYTES), BYTES, "\\x00ff5c0a"),
                value("bytea", plain(Schema.Type.BYTES), new byte[0], "\\x"),
                value("tsquery", plain(Schema.Type.BYTES), "'a' & 'b'".getBytes(StandardCharsets.UTF_8), "'a' & 'b'"),
                value(
                        "public.pair",
                        plain(Schema.Type.BYTES),
                        "(1,\"x y\")".getBytes(StandardCharsets.UTF_8),
                        "(1,\"x y\")"),
                value(
                        "int4multirange",
                        plain(Schema.Type.BYTES),
                        "{[1,3)}".getBytes(StandardCharsets.UTF_8),
                        "{[1,3)}"));
    }

    private static Stream<Value> times() {
        return Stream.of(
                value("date", named32("io.debezium.time.Date"), 0, "1970-01-01"),
                value("date", named32("io.debezium.time.Date"), -719528, "0001-01-01 BC"),
                value("date", named32("io.debezium.time.Date"), LAST_DAY, "5874897-12-31"),
                value("date", named32("io.debezium.time.Date"), Integer.MAX_VALUE, "infinity"),
                value("date", named32("io.debezium.time.Date"), -2147472692, "-infinity"),
                value("date", named("io.debezium.time.IsoDate"), "2020-02-29Z", "2020-02-29"),
                value("date", org.apache.kafka.connect.data.Date.SCHEMA, new Date(-86_400_000L), "1969-12-31"),
                value("time", named32("io.debezium.time.Time"), 86_399_999, "23:59:59.999"),
                value("time", named64("io.debezium.time.MicroTime"), 86_400_000_000L, "24:00:00"),
                value("time", named64("io.debezium.time.NanoTime"), 1_000L, "00:00:00.000001"),
                value("time", named("io.debezium.time.IsoTime"), "12:00:00.5Z", "12:00:00.5"),
                value("time", org.apache.kafka.connect.data.Time.SCHEMA, new Date(61_000L), "00:01:01"),
                value("timetz", named("io.debezium.time.ZonedTime"), "10:15:30.123456Z", "10:15:30.123456+00"),
                value("interval", named64("io.debezium.time.MicroDuration"), -90_000_001L, "-00:01:30.000001"),
                value("interval", named64("io.debezium.time.NanoDuration"), 5_000L, "00:00:00.000005"),
                value(
                        "interval",
                        named("io.debezium.time.Interval"),
                        "P1Y-2M3DT-4H5M6.7S",
                        "10 mons 3 days -03:54:53.3"));
    }

    private static Stream<Value> instants() {
        return Stream.of(
                value("timestamp", named64("io.debezium.time.Timestamp"), -1L, "1969-12-31 23:59:59.999"),
                value("timestamp", named64("io.debezium.time.MicroTimestamp"), 1L, "1970-01-01 00:00:00.000001"),
                value("timestamp", named64("io.debezium.time.MicroTimestamp"), 9223372036825200000L, "infinity"),
                value("timestamp", named64("io.debezium.time.MicroTimestamp"), -9223372036832400000L, "-infinity"),
                value(
                        "timestamp",
                        named64("io.debezium.time.MicroTimestamp"),
                        -62_198_755_200_000_000L,
                        "0002-01-01 00:00:00 BC"),
                value("timestamp", named64("io.debezium.time.NanoTimestamp"), -1_000L, "1969-12-31 23:59:59.999999"),
                value(
                        "timestamp",
                        named("io.debezium.time.IsoTimestamp"),
                        "2020-01-01T00:00:00Z",
                        "2020-01-01 00:00:00"),
                value(
                        "timestamp",
                        org.apache.kafka.connect.data.Timestamp.SCHEMA,
                        new Date(1500),
                        "1970-01-01 00:00:01.5"),
                value("timestamptz", named64("io.debezium.time.MicroTimestamp"), 0L, "1970-01-01 00:00:00+00"),
                value(
                        "timestamptz",
                        named("io.debezium.time.ZonedTimestamp"),
                        "2020-01-01T00:00:00.123456Z",
                        "2020-01-01 00:00:00.123456+00"),
                value(
                        "timestamptz",
                        named("io.debezium.time.ZonedTimestamp"),
                        "+294276-12-31T23:59:59.999999Z",
                        "294276-12-31 23:59:59.999999+00"),
                value(
                        "timestamptz",
                        named("io.debezium.time.ZonedTimestamp"),
                        "-0043-03-15T12:00:00Z",
                        "0044-03-15 12:00:00+00 BC"),
                value(
                        "timestamptz",
                        named("io.debezium.time.ZonedTimestamp"),
                        "0000-03-15T12:00:00Z",
                        "0001-03-15 12:00:00+00 BC"),
                value("timestamptz", named("io.debezium.time.ZonedTimestamp"), "infinity", "infinity"));
    }

    private static Stream<Value> collections() {
        List<Object> withNull = new ArrayList<>(List.of("a,b", "c\"\\d", "NULL", ""));
        withNull.add(null);
        Map<String, Object> pairs = new LinkedHashMap<>(Map.of("k\"=>", "v\\"));
        pairs.put("n", null);
        return Stream.of(
                value("int[]", array(Schema.OPTIONAL_INT32_SCHEMA), List.of(1, 2), "{1,2}"),
                value("public.small_ints", array(Schema.OPTIONAL_INT32_SCHEMA), List.of(1, 2), "{1,2}"),
                value(
                        "int[]",
                        array(array(Schema.OPTIONAL_INT32_SCHEMA)),
                        List.of(List.of(1, 2), List.of(3, 4)),
                        "{{1,2},{3,4}}"),
                value("int[]", array(Schema.OPTIONAL_INT32_SCHEMA), List.of(), "{}"),
                value(
                        "text[]",
                        array(Schema.OPTIONAL_STRING_SCHEMA),
                        withNull,
                        "{\"a,b\",\"c\\\"\\\\d\",\"NULL\",\"\",NULL}"),
                value("date[]", array(named32("io.debezium.time.Date")), List.of(0, 1), "{1970-01-01,1970-01-02}"),
                value(
                        "numeric[]",
                        array(Decimal.builder(1).optional().build()),
                        List.of(new BigDecimal("1.5")),
                        "{1.5}"),
                value("bytea[]", array(Schema.OPTIONAL_BYTES_SCHEMA), List.of(BYTES), "{\"\\\\x00ff5c0a\"}"),
                value(
                        "public.hstore",
                        SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA)
                                .optional()
                                .build(),
                        pairs,
                        "\"n\"=>NULL, \"k\\\"=>\"=>\"v\\\\\""),
                value(
                        "public.hstore",
                        named("io.debezium.data.Json"),
                        "{\"a\":\"\\u00e4\\n\", \"b\":null}",
                        "\"a\"=>\"ä\n\", \"b\"=>NULL"));
    }

    private static Stream<Value> bits() {
        Schema five = SchemaBuilder.bytes()
                .name("io.debezium.data.Bits")
                .parameter("length", "5")
                .optional()
                .build();
        Schema eleven = SchemaBuilder.bytes()
                .name("io.debezium.data.Bits")
                .parameter("length", "11")
                .optional()
                .build();
        return Stream.of(
                value("bit(5)", five, new byte[] {5}, "00101"),
                value("bit(11)", eleven, new byte[] {1, 4}, "10000000001"),
                value("bit(1)", plain(Schema.Type.BOOLEAN), true, "1"));
    }

    private static Stream<Value> shapes() {
        return Stream.of(
                value("point", point(), new Struct(point()).put("x", 1.5).put("y", -2.0), "(1.5,-2)"),
                value("lseg", geometry(), line(Map.of(), 1, 2, 3, 4), "[(1,2),(3,4)]"),
                value("path", geometry(), line(Map.of("closed", "false"), 1, 2, 3, 4), "[(1,2),(3,4)]"),
                value("path", geometry(), line(Map.of("closed", "true"), 1, 2, 3, 4), "((1,2),(3,4))"),
                value("box", geometry(), ring(3, 4, 1, 4, 1, 2, 3, 2, 3, 4), "(3,4),(1,2)"),
                value("polygon", geometry(), ring(0, 0, 1, 0, 1, 1, 0, 0), "((0,0),(1,0),(1,1))"));
    }

    private static Stream<Value> structured() {
        Schema date = struct("io.debezium.time.StructuredDate", "year", "month", "day");
        Schema time =
                struct("io.debezium.time.StructuredZonedTime", "hour", "minute", "second", "nanos", "offsetSeconds");
        Schema stamp = struct(
                "io.debezium.time.StructuredTimestamp", "year", "month", "day", "hour", "minute", "second", "nanos");
        Schema span = struct(
                "io.debezium.time.StructuredDuration",
                "years",
                "months",
                "days",
                "hours",
                "minutes",
                "seconds",
                "nanos");
        return Stream.of(
                value("date", date, fields(date, -43, 3, 15), "0044-03-15 BC"),
                value("date", date, new Struct(date).put("specialValue", "POSITIVE_INFINITY"), "infinity"),
                value("timetz", time, fields(time, 1, 2, 3, 4_000, -57_540), "01:02:03.000004-15:59"),
                value("timestamp", stamp, fields(stamp, 2020, 1, 2, 3, 4, 5, 600_000_000), "2020-01-02 03:04:05.6"),
                value("interval", span, fields(span, 1, -2, 3, -4, 5, 6, -7_000), "10 mons 3 days -03:54:54.000007"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void valueIsTheSame(Value value) throws Exception {
        assertThat(written(value)).containsExactly(value.text());
    }

    /** Whatever the number of days and of microseconds. */
    @Test
    void anyDateAndTimestampIsTheSame() throws Exception {
        Random random = new Random(7);
        target.execute(
                "drop table if exists public.dates; create table public.dates (id int primary key, d date, t timestamp)");
        RowTopic topic = new RowTopic(
                "dates",
                "id",
                Schema.INT32_SCHEMA,
                "d",
                named32("io.debezium.time.Date"),
                "t",
                named64("io.debezium.time.MicroTimestamp"));
        target.execute("create table if not exists public.wanted (id int primary key, d date, t timestamp)");
        for (int id = 0; id < 500; id++) {
            int days = random.nextInt(4_000_000) - 2_440_000;
            long micros = days * 86_400_000_000L + random.nextLong(86_400_000_000L);
            topic.read(id, days, micros);
            target.execute("insert into public.wanted values (" + id + ", date '1970-01-01' + " + days
                    + ", timestamp '1970-01-01' + interval '" + days + " days' + "
                    + Math.floorMod(micros, 86_400_000_000L) + " * interval '1 microsecond')");
        }
        try (RunningRows sink = new RunningRows(target.settings(), List.of(topic.partition()), UPSERT)) {
            sink.put(topic.all());
        }
        assertThat(target.query("select * from public.dates except select * from public.wanted"))
                .isEmpty();
        assertThat(target.query("select count(*) from public.dates")).containsExactly("500");
    }

    @Test
    void whatTheSourceDoesNotTellIsRefusedByName() {
        assertRefused(
                value(
                        "bit varying",
                        SchemaBuilder.bytes()
                                .name("io.debezium.data.Bits")
                                .parameter("length", "9")
                                .build(),
                        new byte[] {5},
                        ""),
                "length");
        assertRefused(value("date", plain(Schema.Type.INT64), 5L, ""), "INT64");
        assertRefused(value("text", named("com.example.Unheard"), "x", ""), "com.example.Unheard");
        assertRefused(value("bytea", plain(Schema.Type.STRING), "abcd", ""), "binary.handling.mode");
        assertRefused(value("text", plain(Schema.Type.BYTES), BYTES, ""), "bytes");
    }

    @Test
    void bytesInAStringAreReadAsTheSourceHasThem() throws Exception {
        Value base64 = value("bytea", plain(Schema.Type.STRING), "AP9cCg==", "\\x00ff5c0a");
        assertThat(written(base64, "binary.handling.mode", "base64")).containsExactly("\\x00ff5c0a");
        Value hex = value("bytea", plain(Schema.Type.STRING), "00ff5c0a", "");
        assertThat(written(hex, "binary.handling.mode", "hex")).containsExactly("\\x00ff5c0a");
    }

    private static void assertRefused(Value value, String reason) {
        assertThatThrownBy(() -> written(value))
                .hasMessageContaining("CO-2045")
                .hasMessageContaining("\"c\" of public.v")
                .hasMessageContaining(reason);
    }

    private static List<String> written(Value value, String... settings) throws Exception {
        target.execute(
                "drop table if exists public.v; create table public.v (id int primary key, c " + value.type() + ")");
        target.execute("drop schema if exists changeover cascade");
        RowTopic topic = new RowTopic("v", "id", Schema.INT32_SCHEMA, "c", value.schema()).read(1, value.value());
        String[] all = Stream.of(UPSERT, settings).flatMap(Stream::of).toArray(String[]::new);
        try (RunningRows sink = new RunningRows(target.settings(), List.of(topic.partition()), all)) {
            sink.put(topic.all());
        }
        return target.query("select c::text from public.v");
    }

    private static Value value(String type, Schema schema, Object value, String text) {
        return new Value(type, schema, value, text);
    }

    private static Schema plain(Schema.Type type) {
        return new SchemaBuilder(type).optional().build();
    }

    private static Schema named(String name) {
        return SchemaBuilder.string().name(name).optional().build();
    }

    private static Schema named32(String name) {
        return SchemaBuilder.int32().name(name).optional().build();
    }

    private static Schema named64(String name) {
        return SchemaBuilder.int64().name(name).optional().build();
    }

    private static Schema array(Schema element) {
        return SchemaBuilder.array(element).optional().build();
    }

    private static Schema variableScale() {
        return SchemaBuilder.struct()
                .name("io.debezium.data.VariableScaleDecimal")
                .field("scale", Schema.INT32_SCHEMA)
                .field("value", Schema.BYTES_SCHEMA)
                .optional()
                .build();
    }

    private static Struct variable(String number) {
        BigDecimal decimal = new BigDecimal(number);
        BigInteger unscaled = decimal.unscaledValue();
        return new Struct(variableScale()).put("scale", decimal.scale()).put("value", unscaled.toByteArray());
    }

    private static Schema point() {
        return SchemaBuilder.struct()
                .name("io.debezium.data.geometry.Point")
                .field("x", Schema.FLOAT64_SCHEMA)
                .field("y", Schema.FLOAT64_SCHEMA)
                .field("wkb", Schema.OPTIONAL_BYTES_SCHEMA)
                .field("srid", Schema.OPTIONAL_INT32_SCHEMA)
                .optional()
                .build();
    }

    private static Schema geometry() {
        return SchemaBuilder.struct()
                .name("io.debezium.data.geometry.Geometry")
                .field("wkb", Schema.BYTES_SCHEMA)
                .field("srid", Schema.OPTIONAL_INT32_SCHEMA)
                .field(
                        "extensions",
                        SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA)
                                .optional()
                                .build())
                .optional()
                .build();
    }

    private static Struct line(Map<String, String> extensions, double... coordinates) {
        return shape(2, extensions, coordinates);
    }

    private static Struct ring(double... coordinates) {
        return shape(3, Map.of(), coordinates);
    }

    private static Struct shape(int kind, Map<String, String> extensions, double... coordinates) {
        ByteBuffer wkb = ByteBuffer.allocate(100)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 1)
                .putInt(kind);
        if (kind == 3) {
            wkb.putInt(1);
        }
        wkb.putInt(coordinates.length / 2);
        for (double coordinate : coordinates) {
            wkb.putDouble(coordinate);
        }
        byte[] bytes = new byte[wkb.position()];
        wkb.flip().get(bytes);
        return new Struct(geometry()).put("wkb", bytes).put("extensions", extensions);
    }

    private static Schema struct(String name, String... numbers) {
        SchemaBuilder builder = SchemaBuilder.struct().name(name).optional();
        Stream.of(numbers).forEach(field -> builder.field(field, Schema.OPTIONAL_INT32_SCHEMA));
        return builder.field("specialValue", Schema.OPTIONAL_STRING_SCHEMA).build();
    }

    private static Struct fields(Schema schema, int... values) {
        Struct struct = new Struct(schema);
        for (int i = 0; i < values.length; i++) {
            struct.put(schema.fields().get(i), values[i]);
        }
        return struct;
    }
}
