package io.changeover.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.TableName;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

class MapWireTest {

    private static final TableName TABLE = new TableName("s \"q\"", "täble.x");
    private static final LogSequenceNumber HIGH = LogSequenceNumber.valueOf("FFFFFFFF/FFFFFFF0");

    private final JsonConverter json = new JsonConverter();

    MapWireTest() {
        json.configure(Map.of("schemas.enable", false), false);
    }

    static Stream<ChangeEvent> events() {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("z", "1");
        row.put("a", null);
        row.put("op", "");
        row.put("with \" and \\ and \n", "\u0001 \uD83D\uDE00 \uFEFF null");
        Tuple tuple = Tuple.of(row);
        return Stream.of(
                new ChangeEvent.Started(HIGH),
                new ChangeEvent.Begin(4_294_967_295L),
                new ChangeEvent.Insert(TABLE, tuple),
                new ChangeEvent.Insert(TABLE, Tuple.EMPTY),
                new ChangeEvent.Update(TABLE, Tuple.of(Map.of("z", "0")), tuple),
                new ChangeEvent.Delete(TABLE, tuple),
                new ChangeEvent.Truncate(TABLE),
                new ChangeEvent.Message("changeover", "marker 1"),
                new ChangeEvent.End(1, HIGH, Long.MAX_VALUE, List.of()),
                new ChangeEvent.End(
                        1, LogSequenceNumber.valueOf(1), 0, List.of(new TableCounts(TABLE, 1, 2, 3, Long.MAX_VALUE))));
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyEventComesBackAsItWas(ChangeEvent event) {
        assertThat(MapWire.decode(MapWire.encode(event, 1))).isEqualTo(event);
    }

    /** Kafka's converter keeps values, but not the order of columns. */
    @ParameterizedTest
    @MethodSource("events")
    void everyEventSurvivesTheConverter(ChangeEvent event) {
        assertThat(MapWire.encode(decode(encode(event)), 1)).isEqualTo(MapWire.encode(event, 1));
    }

    /** The lag counts transactions without reading rows. */
    @ParameterizedTest
    @MethodSource("events")
    void onlyBoundariesBeginWithTheirStatus(ChangeEvent event) {
        boolean boundary = event instanceof ChangeEvent.Started
                || event instanceof ChangeEvent.Begin
                || event instanceof ChangeEvent.End;

        assertThat(new String(encode(event), StandardCharsets.UTF_8).startsWith("{\"status\":"))
                .isEqualTo(boundary);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"op\":\"x\"}",
                "{\"op\":7}",
                "{\"status\":\"MIDDLE\"}",
                "{\"status\":\"BEGIN\"}",
                "{\"op\":\"c\",\"after\":{}}",
                "{\"op\":\"c\",\"source\":{\"schema\":\"s\",\"table\":\"t\"}}",
                "{\"status\":\"END\",\"txId\":1,\"lsn\":1,\"ts_us\":1,\"tables\":[1]}"
            })
    void recordOfSomebodyElseIsRefused(String record) {
        assertThatThrownBy(() -> decode(record.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("change record");
    }

    @Test
    void refusalHoldsNoValues() {
        Map<String, Object> record = new HashMap<>(Map.of("op", "c", "after", Map.of("card", "4111")));

        assertThatThrownBy(() -> MapWire.decode(record))
                .hasMessageNotContaining("4111")
                .hasMessageContaining("source");
    }

    private byte[] encode(ChangeEvent event) {
        return json.fromConnectData("topic", null, MapWire.encode(event, 1));
    }

    private ChangeEvent decode(byte[] record) {
        return MapWire.decode((Map<?, ?>) json.toConnectData("topic", record).value());
    }
}
