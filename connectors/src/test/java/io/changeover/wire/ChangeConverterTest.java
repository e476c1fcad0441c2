package io.changeover.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.ChangeRecord;
import io.changeover.contract.MapWire;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

/** The two ways to write a record, our converter and Kafka's, make the same JSON and read each other's. */
class ChangeConverterTest {

    private static final TableName TABLE = new TableName("s \"q\"", "täble.x");
    private static final LogSequenceNumber HIGH = LogSequenceNumber.valueOf("FFFFFFFF/FFFFFFF0");

    private final JsonConverter kafka = new JsonConverter();
    private final ChangeConverter ours = new ChangeConverter();

    ChangeConverterTest() {
        kafka.configure(Map.of("schemas.enable", false), false);
        ours.configure(Map.of(), false);
    }

    private static List<ChangeEvent> events() {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("z", "1");
        row.put("a", null);
        row.put("op", "");
        row.put("with \" and \\ and \n", "\u0001 \uD83D\uDE00 \uFEFF null \u2028 </script> ${env:PATH}");
        Tuple tuple = Tuple.of(row);
        return List.of(
                new ChangeEvent.Started(HIGH),
                new ChangeEvent.Begin(4_294_967_295L, HIGH),
                new ChangeEvent.Insert(TABLE, tuple),
                new ChangeEvent.Insert(TABLE, Tuple.EMPTY),
                new ChangeEvent.Update(TABLE, Tuple.of(Map.of("z", "0")), tuple),
                new ChangeEvent.Update(TABLE, tuple, Tuple.of(Map.of("z", "0"))),
                new ChangeEvent.Update(new TableName("s", "t"), Tuple.EMPTY, Tuple.EMPTY),
                new ChangeEvent.Delete(TABLE, tuple),
                new ChangeEvent.Truncate(TABLE),
                new ChangeEvent.Message("changeover", "marker 1"),
                new ChangeEvent.Piece(true, "a", 0, 7, "€x"),
                new ChangeEvent.Piece(false, "a", 1, 7, "\u0000"),
                new ChangeEvent.End(4_294_967_295L, HIGH, Long.MAX_VALUE, Long.MAX_VALUE),
                new ChangeEvent.Insert(TABLE, tuple));
    }

    @Test
    void bothConvertersWriteTheSame() {
        ChangeRecord record = new ChangeRecord(events());

        assertThat(text(ours.fromConnectData("topic", null, record)))
                .isEqualTo(text(kafka.fromConnectData("topic", null, record)));
    }

    @Test
    void everyEventComesBackAsItWas() {
        byte[] record = ours.fromConnectData("topic", null, new ChangeRecord(events()));

        assertThat(read(ours.toConnectData("topic", record).value())).isEqualTo(events());
        assertThat(read(kafka.toConnectData("topic", record).value())).isEqualTo(events());
    }

    @Test
    void mapThatAnotherConverterReadCanBeWrittenAgain() {
        byte[] record = kafka.fromConnectData("topic", null, new ChangeRecord(events()));
        Object map = kafka.toConnectData("topic", record).value();

        assertThat(read(ours.toConnectData("topic", ours.fromConnectData("topic", null, map))
                        .value()))
                .isEqualTo(events());
    }

    @Test
    void scanLeavesOutRowsAndNothingElse() {
        List<ChangeEvent> scanned = RecordJson.scan(RecordJson.write(events()));

        assertThat(scanned).hasSameSizeAs(events());
        assertThat(scanned.get(2)).isEqualTo(new ChangeEvent.Insert(TABLE, Tuple.EMPTY));
        assertThat(scanned.get(8)).isEqualTo(new ChangeEvent.Truncate(TABLE));
        assertThat(scanned.get(12)).isEqualTo(events().get(12));
    }

    /** Rows that come one after the other are mostly alike, and held for a while. */
    @Test
    void equalTextsOfARowAndTheOneBeforeItAreOneObject() {
        List<String> names = List.of("id", "same", "none", "long");
        String text = "x".repeat(1000);
        List<ChangeEvent> events = List.of(
                new ChangeEvent.Insert(TABLE, Tuple.of(names, new String[] {"10", "s", null, text})),
                new ChangeEvent.Insert(TABLE, Tuple.of(names, new String[] {"11", "s", "", text})),
                new ChangeEvent.Insert(TABLE, Tuple.of(names, new String[] {"1", "ss", null, text + "y"})),
                new ChangeEvent.Update(
                        TABLE,
                        Tuple.of(List.of("id"), new String[] {"12"}),
                        Tuple.of(names, new String[] {"12", "s", "\uD83D\uDE00", ""})));

        List<ChangeEvent> read = RecordJson.read(RecordJson.write(events));

        assertThat(read).isEqualTo(events);
        Tuple first = ((ChangeEvent.Insert) read.get(0)).after();
        assertThat(((ChangeEvent.Insert) read.get(1)).after().value(1)).isSameAs(first.value(1));
        ChangeEvent.Update update = (ChangeEvent.Update) read.get(3);
        assertThat(update.after().value(0)).isSameAs(update.before().value(0));
    }

    /** 1.5 times the text and 240 bytes: the bound for a record with a single change. */
    @Test
    void recordIsHardlyLargerThanItsRow() {
        List<String> names = List.of("id", "bid", "abalance", "filler");
        String[] values = {"123456", "7", "-4711", " ".repeat(84)};
        List<ChangeEvent> events = List.of(
                new ChangeEvent.Begin(74_211, LogSequenceNumber.valueOf("1/16B3620")),
                new ChangeEvent.Update(
                        new TableName("public", "accounts"), Tuple.of(Map.of("id", "1")), Tuple.of(names, values)),
                new ChangeEvent.End(74_211, LogSequenceNumber.valueOf("1/16B3748"), 1_763_866_000_000_000L, 1));
        int text = String.join("\t", values).length();

        assertThat(RecordJson.write(events).length).isLessThanOrEqualTo(text * 3 / 2 + 240);
        List<ChangeEvent> many = new ArrayList<>();
        IntStream.range(0, 1000).forEach(i -> many.addAll(events));
        assertThat(RecordJson.write(many).length).isLessThanOrEqualTo(1000 * (text + 200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"events\":[{}]}",
                "{\"events\":[{\"op\":\"x\",\"t\":0}]}",
                "{\"events\":[{\"op\":\"c\",\"t\":0,\"after\":[]}]}",
                "{\"events\":[{\"middle\":1}]}",
                "{\"events\":[{\"op\":\"c\",\"after\":[]}]}",
                "{\"events\":[{\"begin\":1}]}",
                "{\"events\":[{\"end\":1,\"ts_us\":1}]}",
                "{\"events\":[{\"end\":1,\"lsn\":\"0/1\",\"ts_us\":1}]}",
                "{\"events\":{}}",
                "{\"tables\":[{\"schema\":\"s\",\"table\":\"t\",\"after\":[\"a\"]}],"
                        + "\"events\":[{\"op\":\"c\",\"t\":0,\"after\":[]}]}"
            })
    void recordOfSomebodyElseIsRefused(String record) {
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> ours.toConnectData("topic", bytes)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> read(kafka.toConnectData("topic", bytes).value()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNoRecordIsNotWritten() {
        assertThatThrownBy(() -> ours.fromConnectData("topic", null, "text")).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> ours.fromConnectData("topic", null, Map.of("card", "4111")))
                .isInstanceOf(DataException.class)
                .hasMessageNotContaining("4111")
                .hasMessageContaining("events");
    }

    @Test
    void nothingStaysNothing() {
        assertThat(ours.fromConnectData("topic", null, null)).isNull();
        assertThat(ours.toConnectData("topic", null).value()).isNull();
    }

    private static List<ChangeEvent> read(Object value) {
        return MapWire.decode((Map<?, ?>) value);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
