package io.changeover.sink.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.ledger.LoadLedger;
import io.changeover.load.LoadConnector;
import io.changeover.load.LoadTask;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.group.BufferLimits;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.errors.ConnectException;

/** A load under transactions, with loaders that fail, and the stream after it. */
final class LoadedHistory {

    private static final int LOADERS = 2;

    /** A small table has several blocks. */
    private static final int PART_BYTES = 8192;

    private static final int MOST_ROUNDS = 2000;

    private final HistoryServers servers;
    private final int seed;
    private final Random random;
    private int lostLoaders;
    private int tablesThatBeganAgain;

    LoadedHistory(HistoryServers servers, int seed) {
        this.servers = servers;
        this.seed = seed;
        this.random = new Random(seed);
    }

    int lostLoaders() {
        return lostLoaders;
    }

    int tablesThatBeganAgain() {
        return tablesThatBeganAgain;
    }

    void run() throws Exception {
        ServerSettings target = servers.newTarget();
        try (RecordedSource source = servers.newSource();
                Connection into = Connections.open(target, "test")) {
            Rows rows = new Rows(source.connection());
            List<SourceTable> tables = source.someTables(random, 1000);
            List<ChangeEvent> events = new ArrayList<>(source.record(random, tables, 150));

            load(source, tables, target, into, events);
            events.addAll(source.record(random, tables, 20));
            apply(events, target);

            assertThat(rows.of(into)).as("seed " + seed).isEqualTo(rows.of(source.connection()));
            tablesThatBeganAgain += count(into, "select count(*) from changeover.loads where beginnings > 1");
        }
    }

    private void load(
            RecordedSource source,
            List<SourceTable> tables,
            ServerSettings target,
            Connection into,
            List<ChangeEvent> events)
            throws Exception {
        Map<String, String> properties = properties(source.server(), target);
        LoadConnector connector = new LoadConnector();
        connector.start(properties);
        List<LoadTask> loaders = new ArrayList<>();
        try {
            for (int i = 0; i < LOADERS; i++) {
                loaders.add(loader(properties));
            }
            for (int round = 0; !LoadLedger.isFinished(into); round++) {
                assertThat(round).as("rounds of seed " + seed).isLessThan(MOST_ROUNDS);
                events.addAll(source.record(random, tables, 2));
                if (random.nextInt(6) == 0) {
                    loseOne(random.nextBoolean() ? source.connection() : into);
                }
                for (int i = 0; i < LOADERS; i++) {
                    if (hasFailed(loaders.get(i))) {
                        lostLoaders++;
                        loaders.get(i).stop();
                        loaders.set(i, loader(properties));
                    }
                }
            }
        } finally {
            loaders.forEach(LoadTask::stop);
            connector.stop();
        }
    }

    private static LoadTask loader(Map<String, String> properties) {
        LoadTask task = new LoadTask();
        task.start(properties);
        return task;
    }

    private static boolean hasFailed(LoadTask task) throws InterruptedException {
        try {
            task.poll();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    private void loseOne(Connection server) throws SQLException {
        try (Statement statement = server.createStatement()) {
            statement.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                            + " and application_name = 'changeover-load' order by hashtext(pid::text || '"
                            + random.nextInt()
                            + "') limit 1");
        }
    }

    private static Map<String, String> properties(ServerSettings source, ServerSettings target) {
        Map<String, String> properties = new HashMap<>();
        Map.of("source", source, "target", target).forEach((side, server) -> {
            properties.put(side + ".host", server.host());
            properties.put(side + ".port", String.valueOf(server.port()));
            properties.put(side + ".database", server.database());
            properties.put(side + ".user", server.user());
            properties.put(side + ".password", server.password());
            properties.put(side + ".ssl.mode", server.sslMode());
        });
        properties.put("name", "load");
        properties.put("publication.name", "history");
        properties.put("progress.topic", "progress");
        properties.put("progress.interval.ms", "10");
        properties.put("part.bytes", String.valueOf(PART_BYTES));
        return properties;
    }

    private static void apply(List<ChangeEvent> events, ServerSettings target) throws Exception {
        StreamApplier applier = StreamApplier.open(target, "history", new BufferLimits(100_000, 1_000_000, 1 << 30));
        try {
            applier.take(0, events);
            applier.apply();
        } finally {
            applier.disconnect();
        }
    }

    private static int count(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
