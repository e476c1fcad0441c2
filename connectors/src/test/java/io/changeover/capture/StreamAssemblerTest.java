package io.changeover.capture;

import static io.changeover.capture.DebeziumRecords.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.MapWire;
import io.changeover.contract.TableCounts;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class StreamAssemblerTest {

    private static final Map<String, Object> STORED = Map.of("lsn", 5L, "lsn_commit", 5L);
    private static final TableName T = new TableName("s", "t");

    private final StreamAssembler assembler = new StreamAssembler(
            "topic", Map.of("server", "topic"), new StartingPoint(STORED, Optional.empty(), Map.of()));

    @Test
    void everyRecordCarriesTheOffsetOfTheLastEndBeforeIt() {
        DebeziumRecords first = new DebeziumRecords(700, 1000);
        DebeziumRecords second = new DebeziumRecords(701, 2000);

        List<SourceRecord> stream = assembler.assemble(
                List.of(first.begin(), insert(first), first.end(), second.begin(), insert(second), second.end()));

        Map<String, Object> afterFirst = Map.of("txId", 700L, "lsn", 1030L, "lsn_commit", 1030L, "ts_usec", 1_000_700L);
        Map<String, Object> afterSecond =
                Map.of("txId", 701L, "lsn", 2030L, "lsn_commit", 2030L, "ts_usec", 1_000_701L);
        assertThat(stream)
                .extracting(record -> (Object) record.sourceOffset())
                .containsExactly(STORED, STORED, afterFirst, afterFirst, afterFirst, afterSecond);
        assertThat(stream).allSatisfy(record -> {
            assertThat(record.topic()).isEqualTo("topic");
            assertThat(record.kafkaPartition()).isZero();
            assertThat(record.key()).isNull();
            assertThat(record.valueSchema()).isNull();
        });
    }

    @Test
    void endCountsWhatTheTransactionDid() {
        DebeziumRecords records = new DebeziumRecords(700, 1000);

        List<ChangeEvent> events = events(
                records.begin(),
                insert(records),
                records.update("t", row("id", "1"), Map.of(), row("id", "1", "v", "b")),
                records.delete("t", row("id", "1"), row("id", "1")),
                records.truncate("t"),
                records.truncate("u"),
                records.end());

        assertThat(events)
                .containsExactly(
                        new ChangeEvent.Begin(700),
                        new ChangeEvent.Insert(T, tuple("id", "1", "v", "a")),
                        new ChangeEvent.Update(T, tuple("id", "1"), tuple("id", "1", "v", "b")),
                        new ChangeEvent.Delete(T, tuple("id", "1")),
                        new ChangeEvent.Truncate(T),
                        new ChangeEvent.Truncate(new TableName("s", "u")),
                        new ChangeEvent.End(
                                700,
                                LogSequenceNumber.valueOf(1070),
                                1_000_700,
                                List.of(
                                        new TableCounts(T, 1, 1, 1, 1),
                                        new TableCounts(new TableName("s", "u"), 0, 0, 0, 1))));
    }

    @Test
    void halvesOfAKeyUpdateAreOneUpdate() {
        DebeziumRecords records = new DebeziumRecords(700, 1000);

        assertThat(events(
                        records.begin(),
                        records.firstHalf("t", row("id", "1")),
                        records.secondHalf("t", row("id", "2"), row("id", "2", "v", "b")),
                        records.end()))
                .contains(new ChangeEvent.Update(T, tuple("id", "1"), tuple("id", "2", "v", "b")))
                .last()
                .isEqualTo(end(700, 1040, new TableCounts(T, 0, 1, 0, 0)));
    }

    @Test
    void halvesThatComeInTwoPollsAreOneUpdateToo() {
        DebeziumRecords records = new DebeziumRecords(700, 1000);

        assertThat(events(records.begin(), records.firstHalf("t", row("id", "1"))))
                .containsExactly(new ChangeEvent.Begin(700));
        assertThat(events(records.heartbeat(), records.secondHalf("t", row("id", "2"), row("id", "2")), records.end()))
                .startsWith(new ChangeEvent.Update(T, tuple("id", "1"), tuple("id", "2")));
    }

    @Test
    void halfWithoutItsOtherHalfStopsTheCapture() {
        DebeziumRecords records = new DebeziumRecords(700, 1000);
        events(records.begin(), records.firstHalf("t", row("id", "1")));

        assertThatThrownBy(() -> events(insert(records)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("second half");
        assertThatThrownBy(() -> events(records.end()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("between the two halves");
    }

    /** Debezium reconnects by itself and sends the transaction again, without a new task. */
    @Test
    void transactionThatWasCutOffBetweenTheHalvesComesAgainWhole() {
        DebeziumRecords cutOff = new DebeziumRecords(700, 1000);
        DebeziumRecords again = new DebeziumRecords(700, 1000);
        events(cutOff.begin(), insert(cutOff), cutOff.firstHalf("t", row("id", "1")));

        assertThat(events(again.begin(), insert(again), again.end()))
                .containsExactly(
                        new ChangeEvent.Begin(700),
                        new ChangeEvent.Insert(T, tuple("id", "1", "v", "a")),
                        end(700, 1030, new TableCounts(T, 1, 0, 0, 0)));
    }

    @Test
    void transactionThatWasCutOffIsNotCounted() {
        DebeziumRecords cutOff = new DebeziumRecords(700, 1000);
        DebeziumRecords again = new DebeziumRecords(700, 1000);

        assertThat(events(cutOff.begin(), insert(cutOff), insert(cutOff), again.begin(), insert(again), again.end()))
                .last()
                .isEqualTo(end(700, 1030, new TableCounts(T, 1, 0, 0, 0)));
    }

    @Test
    void heartbeatIsDroppedAndItsOffsetWithIt() {
        DebeziumRecords records = new DebeziumRecords(700, 1000);

        List<SourceRecord> stream = assembler.assemble(List.of(records.begin(), records.heartbeat(), insert(records)));

        assertThat(stream)
                .hasSize(2)
                .allSatisfy(record -> assertThat((Object) record.sourceOffset()).isEqualTo(STORED));
    }

    @Test
    void columnThatWasNotSentIsLeftOutByIdentity() {
        DebeziumRecords records = new DebeziumRecords(700, 1000);
        String sameText = new String(TextConverter.UNSENT.toCharArray());

        assertThat(events(
                        records.begin(),
                        records.update(
                                "t",
                                row("id", "1"),
                                Map.of(),
                                row("id", "1", "big", TextConverter.UNSENT, "small", null, "user", sameText))))
                .last()
                .isEqualTo(
                        new ChangeEvent.Update(T, tuple("id", "1"), tuple("id", "1", "small", null, "user", sameText)));
    }

    @Test
    void rowWithoutAKeyIsToldByAllOfIt() {
        DebeziumRecords records = new DebeziumRecords(700, 1000);

        assertThat(events(
                        records.begin(),
                        records.delete("t", Map.of(), row("a", "1", "b", null)),
                        // a unique index that Debezium takes for a key, with a NULL in it
                        records.delete("t", row("b", null), row("a", "2", "b", null))))
                .containsExactly(
                        new ChangeEvent.Begin(700),
                        new ChangeEvent.Delete(T, tuple("a", "1", "b", null)),
                        new ChangeEvent.Delete(T, tuple("a", "2", "b", null)));
        assertThatThrownBy(() -> events(records.update("t", Map.of(), Map.of(), row("a", "1"))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("replica identity");
    }

    @Test
    void onlyOurOwnMessagesOfTransactionsPass() {
        DebeziumRecords records = new DebeziumRecords(700, 1000);

        assertThat(events(
                        records.begin(),
                        records.message("changeover", "marker ä", true),
                        records.message("changeover", "marker b", false),
                        records.message("another", "marker c", true)))
                .containsExactly(new ChangeEvent.Begin(700), new ChangeEvent.Message("changeover", "marker ä"));
    }

    @Test
    void streamOfANewSlotBeginsWithItsConsistentPoint() {
        LogSequenceNumber point = LogSequenceNumber.valueOf(900);
        StreamAssembler created =
                new StreamAssembler("topic", Map.of(), new StartingPoint(STORED, Optional.of(point), Map.of()));

        assertThat(created.assemble(List.of()))
                .singleElement()
                .satisfies(record -> assertThat(decode(record)).isEqualTo(new ChangeEvent.Started(point)));
        assertThat(created.assemble(List.of())).isEmpty();
    }

    private static SourceRecord insert(DebeziumRecords records) {
        return records.insert("t", row("id", "1"), row("id", "1", "v", "a"));
    }

    private static ChangeEvent end(long xid, long lsn, TableCounts... counts) {
        return new ChangeEvent.End(xid, LogSequenceNumber.valueOf(lsn), 1_000_000 + xid, List.of(counts));
    }

    private static Tuple tuple(String... namesAndValues) {
        return Tuple.of(row(namesAndValues));
    }

    private List<ChangeEvent> events(SourceRecord... records) {
        return assembler.assemble(List.of(records)).stream()
                .map(StreamAssemblerTest::decode)
                .toList();
    }

    private static ChangeEvent decode(SourceRecord record) {
        return MapWire.decode((Map<?, ?>) record.value());
    }
}
