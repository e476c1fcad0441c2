package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Marker;
import io.changeover.postgres.local.LocalPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The capture may be stopped after any record: read on from that record's offset, with the slot where it was at the
 * beginning or advanced to the offset, every later transaction comes, whole and once, and no earlier one.
 *
 * <p>The normal run tries every offset of one seed and every third one of two others; the profile {@code faults} tries
 * every offset of twenty more seeds. Every transaction has one offset, that of the end of the one before it.
 */
class ResumeTest {

    private static final Marker LAST = new Marker("after");

    private static LocalPostgres server;

    @BeforeAll
    static void startServer() throws SQLException {
        server = CapturedDatabase.startServer();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(longs = 1)
    void everyOffsetIsAPlaceToResume(long seed) throws Exception {
        resumeFromEvery(1, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3})
    void everyThirdOffsetIsAPlaceToResume(long seed) throws Exception {
        resumeFromEvery(3, seed);
    }

    @Tag("faults")
    @ParameterizedTest
    @ValueSource(
            longs = {101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120
            })
    void everyOffsetOfManySeedsIsAPlaceToResume(long seed) throws Exception {
        resumeFromEvery(1, seed);
    }

    private static void resumeFromEvery(int stride, long seed) throws Exception {
        CapturedDatabase database = CapturedDatabase.create(server, "seed_" + seed, SeededWorkload.TABLES);
        write(database, seed);
        List<SourceRecord> reference = read(database, 1, database.beginning(), Optional.empty());
        List<CapturedTransaction> transactions = CapturedTransaction.split(reference, LAST);
        assertComplete(database, transactions);
        assertVaried(transactions);
        for (int events : new int[] {1, 2, 5, 1000}) {
            assertEveryRecordHasTheOffsetOfTheLastEnd(
                    database.beginning(), read(database, events, database.beginning(), Optional.empty()));
        }

        List<Map<String, ?>> offsets = offsets(reference);
        assertThat(offsets).hasSameSizeAs(transactions);
        for (int i = 0; i < offsets.size(); i += stride) {
            Map<String, ?> offset = asConnectStoresIt(offsets.get(i));
            int packing = 1 + i % 4;
            LogSequenceNumber commit = commit(offset);
            List<CapturedTransaction> later = transactions.stream()
                    .filter(transaction -> transaction.commitLsn() > commit.asLong())
                    .map(CapturedTransaction::withoutDefinitions)
                    .toList();

            assertThat(changes(read(database, packing, offset, Optional.empty())))
                    .as("seed %d, offset %d, slot as at the beginning", seed, i)
                    .isEqualTo(later);
            assertThat(changes(read(database, packing, offset, Optional.of(commit))))
                    .as("seed %d, offset %d, slot advanced to it", seed, i)
                    .isEqualTo(later);
        }
        database.close();
    }

    private static List<CapturedTransaction> changes(List<SourceRecord> records) {
        return CapturedTransaction.split(records, LAST).stream()
                .map(CapturedTransaction::withoutDefinitions)
                .toList();
    }

    private static void assertEveryRecordHasTheOffsetOfTheLastEnd(
            Map<String, Object> beginning, List<SourceRecord> records) {
        long last = commit(beginning).asLong();
        for (SourceRecord record : records) {
            for (ChangeEvent event : CapturedTransaction.events(record)) {
                last = event instanceof ChangeEvent.End end ? end.commitLsn().asLong() : last;
            }
            assertThat(commit(record.sourceOffset()).asLong()).isEqualTo(last);
        }
    }

    private static Map<String, ?> asConnectStoresIt(Map<String, ?> offset) {
        try (JsonConverter json = new JsonConverter()) {
            json.configure(Map.of("schemas.enable", false), false);
            Object stored = json.toConnectData("offsets", json.fromConnectData("offsets", null, offset))
                    .value();
            return ((Map<?, ?>) stored)
                    .entrySet().stream()
                            .collect(Collectors.toMap(entry -> (String) entry.getKey(), Map.Entry::getValue));
        }
    }

    /**
     * After the marker there is one more transaction, so that something follows every offset up to the marker's end.
     */
    private static void write(CapturedDatabase database, long seed) throws SQLException, IOException {
        new SeededWorkload(seed, database).run();
        for (Marker marker : List.of(new Marker("end-" + seed), LAST)) {
            database.execute(
                    "select pg_logical_emit_message(true, '%s', '%s')".formatted(Marker.PREFIX, marker.content()));
        }
    }

    /** The reference is not only what our own capture says. */
    private static void assertComplete(CapturedDatabase database, List<CapturedTransaction> transactions)
            throws SQLException {
        Map<String, Long> received = new HashMap<>();
        received.put("B", (long) transactions.size());
        received.put("C", (long) transactions.size());
        for (CapturedTransaction transaction : transactions) {
            received.merge("I", transaction.count(ChangeEvent.Insert.class), Long::sum);
            received.merge("U", transaction.count(ChangeEvent.Update.class), Long::sum);
            received.merge("D", transaction.count(ChangeEvent.Delete.class), Long::sum);
        }
        LogSequenceNumber last = transactions.get(transactions.size() - 1).end().commitLsn();
        assertThat(received).isEqualTo(database.sent(last));
    }

    private static void assertVaried(List<CapturedTransaction> transactions) {
        List<ChangeEvent> events = transactions.stream()
                .flatMap(transaction -> transaction.events().stream())
                .toList();
        assertThat(transactions.size()).isBetween(20, 40);
        assertThat(events)
                .hasAtLeastOneElementOfType(ChangeEvent.Delete.class)
                .hasAtLeastOneElementOfType(ChangeEvent.Truncate.class)
                .anyMatch(ResumeTest::isKeyUpdate)
                .anyMatch(event -> event instanceof ChangeEvent.Update && !isKeyUpdate(event));
    }

    private static boolean isKeyUpdate(ChangeEvent event) {
        return event instanceof ChangeEvent.Update update
                && update.before().names().equals(List.of("id"))
                && !update.before().value(0).equals(update.after().value(0));
    }

    /** The distinct offsets of the records up to the marker's end, in order. */
    private static List<Map<String, ?>> offsets(List<SourceRecord> reference) {
        Set<Map<String, ?>> offsets = new LinkedHashSet<>();
        IntStream.range(0, reference.size() - 1)
                .forEach(i -> offsets.add(reference.get(i).sourceOffset()));
        return List.copyOf(offsets);
    }

    private static LogSequenceNumber commit(Map<String, ?> offset) {
        return new StoredPosition(offset).lastCommit().orElseThrow();
    }

    private static List<SourceRecord> read(
            CapturedDatabase database, int packing, Map<String, ?> offset, Optional<LogSequenceNumber> advanced)
            throws Exception {
        String slot = database.copySlot(advanced);
        Map<String, String> settings = database.connector(CaptureConnector.class, slot);
        settings.put(CaptureSettings.RECORD_EVENTS, String.valueOf(packing));
        try {
            return TaskRun.collect(new CaptureTask(), CaptureConnector.complete(settings), offset, endOf(LAST));
        } finally {
            database.drop(slot);
        }
    }

    /** The end of the transaction with this marker; also if more follows in its record. Keeps state: for one run. */
    private static Predicate<SourceRecord> endOf(Marker marker) {
        boolean[] seen = {false, false};
        return record -> {
            for (ChangeEvent event : CapturedTransaction.events(record)) {
                if (event instanceof ChangeEvent.Message message) {
                    seen[0] |= Marker.of(message).equals(Optional.of(marker));
                }
                seen[1] |= seen[0] && event instanceof ChangeEvent.End;
            }
            return seen[1];
        };
    }
}
