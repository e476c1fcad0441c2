package io.changeover.sink.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.group.BufferLimits;
import java.sql.Connection;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Some rounds of transactions on a source, each applied to a target in another way. */
final class History {

    private static final int ROUNDS = 3;
    private static final int TABLES = 12;

    private final HistoryServers servers;
    private final int seed;
    private final Random random;
    private long offset;
    private long writtenSets;
    private long refusedSets;

    History(HistoryServers servers, int seed) {
        this.servers = servers;
        this.seed = seed;
        this.random = new Random(seed);
    }

    long writtenSets() {
        return writtenSets;
    }

    long refusedSets() {
        return refusedSets;
    }

    /** Compares after each round. */
    void run() throws Exception {
        ServerSettings settings = servers.newTarget();
        try (RecordedSource source = servers.newSource();
                Connection target = Connections.open(settings, "test")) {
            Rows rows = new Rows(source.connection());
            List<SourceTable> tables = source.someTables(random, TABLES);
            for (int round = 0; round < ROUNDS; round++) {
                List<ChangeEvent> events = source.record(random, tables, 10 + random.nextInt(60));
                apply(events, settings);
                requireEqual(rows.of(source.connection()), rows.of(target), "round " + round + " of seed " + seed);
            }
            assertThat(source.share()).as("statements that succeeded").isGreaterThan(0.5);
        }
    }

    private void apply(List<ChangeEvent> events, ServerSettings target) throws Exception {
        int many = 1_000_000;
        BufferLimits limits = switch (random.nextInt(4)) {
            case 0 -> new BufferLimits(many, 30 + random.nextInt(300), 1 << 30); // pieces
            case 1 -> new BufferLimits(1 + random.nextInt(500), many, 1 << 30);
            default -> new BufferLimits(many, many, 1 << 30);
        };
        int longest = random.nextBoolean() ? events.size() : 1 + random.nextInt(400);
        StreamApplier applier = StreamApplier.open(target, "history", limits);
        try {
            ArrayDeque<List<ChangeEvent>> records = inRecords(events, longest);
            while (!records.isEmpty()) {
                if (applier.isFull()) {
                    applier.apply();
                }
                applier.take(offset++, records.removeFirst());
                if (longest < events.size() && random.nextInt(3) == 0) {
                    applier.apply(() -> false, () -> takeMore(records, applier));
                }
            }
            applier.apply();
        } finally {
            applier.disconnect();
            writtenSets += applier.writtenSets();
            refusedSets += applier.refusedSets();
        }
    }

    private ArrayDeque<List<ChangeEvent>> inRecords(List<ChangeEvent> events, int longest) {
        ArrayDeque<List<ChangeEvent>> records = new ArrayDeque<>();
        for (int from = 0; from < events.size(); ) {
            int to = Math.min(events.size(), from + 1 + random.nextInt(longest));
            records.add(events.subList(from, to));
            from = to;
        }
        return records;
    }

    /** While a group is applied. */
    private void takeMore(ArrayDeque<List<ChangeEvent>> records, StreamApplier applier) {
        for (int left = random.nextInt(6); left > 0 && !records.isEmpty() && !applier.isFull(); left--) {
            applier.take(offset++, records.removeFirst());
        }
    }

    private static void requireEqual(Map<String, List<String>> source, Map<String, List<String>> target, String when) {
        assertThat(target.keySet()).isEqualTo(source.keySet());
        source.forEach((table, rows) -> assertThat(
                        target.get(table).stream().map(History::shortened).toList())
                .as("%s after %s", table, when)
                .isEqualTo(rows.stream().map(History::shortened).toList()));
    }

    private static String shortened(String line) {
        return line.length() < 1000 ? line : line.substring(0, 200) + "… " + line.length() + " " + line.hashCode();
    }
}
