package io.changeover.sink.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.ledger.LoadLedger;
import io.changeover.load.LoadConnector;
import io.changeover.load.LoadTask;
import io.changeover.load.Reload;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.failure.FailedChangeException;
import io.changeover.sink.failure.FailurePolicy;
import io.changeover.sink.failure.LoadsChangedException;
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
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * A load under transactions, with loaders that fail and servers that crash, and the stream after it, with tables that
 * are loaded again.
 */
final class LoadedHistory {

    private static final int LOADERS = 2;

    /** A small table has several blocks. */
    private static final int PART_BYTES = 8192;

    private static final int MOST_ROUNDS = 2000;

    private static final int RELOADS = 5;

    private static final int CRASHES_ONE_IN = 60;

    /** Of a worker that has no place for metrics. */
    private static final SourceTaskContext CONTEXT = new SourceTaskContext() {
        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            throw new UnsupportedOperationException();
        }

        @Override
        public PluginMetrics pluginMetrics() {
            throw new UnsupportedOperationException();
        }
    };

    private final HistoryServers servers;
    private final int seed;
    private final Random random;
    private int lostLoaders;
    private int tablesThatBeganAgain;
    private int replays;
    private int crashes;
    private ServerSettings target;
    private Connection into;

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

    /** How often a server was killed. */
    int crashes() {
        return crashes;
    }

    /** How often the stream went back for tables that were loaded again. */
    int replays() {
        return replays;
    }

    void run() throws Exception {
        target = servers.newTarget();
        into = Connections.open(target, "test");
        try (RecordedSource source = servers.newSource()) {
            Rows rows = new Rows(source.connection());
            List<SourceTable> tables = source.someTables(random, 1000);
            List<List<ChangeEvent>> topic = new ArrayList<>(List.of(source.record(random, tables, 150)));

            Map<String, String> properties = properties(source.server(), target);
            LoadConnector connector = new LoadConnector();
            connector.start(properties);
            try {
                load(properties, () -> topic.add(source.record(random, tables, 2)), source);
                follow(properties, source, tables, topic);
            } finally {
                connector.stop();
            }

            assertThat(rows.of(into)).as("seed " + seed).isEqualTo(rows.of(source.connection()));
            tablesThatBeganAgain += count("select count(*) from changeover.loads where beginnings > 1");
        } finally {
            into.close();
        }
    }

    /** Something that others do meanwhile. */
    @FunctionalInterface
    private interface Meanwhile {
        void run() throws Exception;
    }

    /** Until everything of the queue is loaded. */
    private void load(Map<String, String> properties, Meanwhile meanwhile, RecordedSource source) throws Exception {
        List<LoadTask> loaders = new ArrayList<>();
        try {
            for (int i = 0; i < LOADERS; i++) {
                loaders.add(loader(properties));
            }
            for (int round = 0; !LoadLedger.isFinished(into); round++) {
                assertThat(round).as("rounds of seed " + seed).isLessThan(MOST_ROUNDS);
                meanwhile.run();
                if (random.nextInt(6) == 0) {
                    loseOne(random.nextBoolean() ? source.connection() : into);
                }
                crashSometimes(source, crashes == 0);
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
        }
    }

    /** The first load meets a crash for certain, or a history of quick loads could have none. */
    private void crashSometimes(RecordedSource source, boolean certainly) throws SQLException {
        int chance = random.nextInt(certainly ? 2 : CRASHES_ONE_IN);
        if (chance == 0) {
            servers.crash(source);
            crashes++;
        } else if (chance == 1) {
            servers.crashTarget();
            into.close();
            into = Connections.open(target, "test");
            crashes++;
        }
    }

    /** The stream goes on; some tables are loaded again, some of them more than once. */
    private void follow(
            Map<String, String> properties,
            RecordedSource source,
            List<SourceTable> tables,
            List<List<ChangeEvent>> topic)
            throws Exception {
        StreamApplier applier = StreamApplier.open(target, "history", new BufferLimits(500, 1000, 1 << 20));
        try {
            apply(applier, topic);
            for (int time = 0; time < RELOADS; time++) {
                reload(source, tables);
                load(
                        properties,
                        () -> {
                            topic.add(source.record(random, tables, 2));
                            if (random.nextInt(3) > 0) {
                                apply(applier, topic);
                            }
                            if (random.nextInt(10) == 0) {
                                reload(source, tables);
                            }
                        },
                        source);
            }
            topic.add(source.record(random, tables, 20));
            while (applier.isLost() || applier.isHolding() || applier.topicOffset() < topic.size()) {
                apply(applier, topic);
            }
            apply(applier, topic); // ends the replay
        } finally {
            applier.disconnect();
        }
    }

    private void reload(RecordedSource source, List<SourceTable> tables) throws SQLException {
        String name = tables.get(random.nextInt(tables.size())).name();
        String plain =
                name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
        try {
            for (TableName part : Reload.parts(source.server(), new TableName("public", plain))) {
                Reload.begin(source.server(), target, "history", part);
            }
        } catch (SQLException e) {
            assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("55P03"); // it is just being loaded
        }
    }

    /** What a task does: takes all that it has not taken, again from where it has to begin anew. */
    private void apply(StreamApplier applier, List<List<ChangeEvent>> topic) throws Exception {
        try {
            if (applier.isLost()) {
                applier.resume();
            }
            for (long offset = applier.topicOffset(); offset < topic.size(); offset++) {
                applier.take(offset, topic.get((int) offset));
                applier.apply();
            }
            applier.apply();
        } catch (LoadsChangedException e) {
            replays++;
            applier.disconnect();
        } catch (SQLException e) {
            assertThat(FailurePolicy.of(e)).as(e.getMessage()).isEqualTo(FailurePolicy.RETRY);
            applier.disconnect();
        } catch (FailedChangeException e) {
            assertThat(e.policy()).as(e.getMessage()).isEqualTo(FailurePolicy.RETRY);
            applier.disconnect();
        }
    }

    private static LoadTask loader(Map<String, String> properties) {
        LoadTask task = new LoadTask();
        task.initialize(CONTEXT);
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

    private int count(String query) throws SQLException {
        try (Statement statement = into.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
