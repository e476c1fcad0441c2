package io.changeover.bench.load;

import io.changeover.bench.Condition;
import io.changeover.bench.Parts;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.capture.Beginning;
import io.changeover.bench.capture.StockSide;
import io.changeover.bench.jdbc.JdbcSink;
import io.changeover.bench.jdbc.StoredSchemaConverter;
import io.changeover.connect.ConnectClient;
import io.changeover.postgres.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The snapshot of stock Debezium into topics, and Debezium's JDBC sink, in one worker; the keys built after. */
final class JdbcLoad implements LoadSide {

    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final LoadServers servers;
    private final WorkerProcess worker;
    private final Path schemas;

    /**
     * A side that has its worker.
     *
     * @param worker of {@link JdbcSink#start}
     * @param schemas a directory for the schemas of the topics
     */
    JdbcLoad(LoadServers servers, WorkerProcess worker, Path schemas) {
        this.servers = servers;
        this.worker = worker;
        this.schemas = schemas;
    }

    @Override
    public String name() {
        return "jdbc";
    }

    @Override
    public boolean loadsAShare() {
        return true;
    }

    @Override
    public Optional<ProcessHandle> worker() {
        return Optional.of(worker.handle());
    }

    @Override
    public void load(ServerSettings target, String run, Parts parts) throws Exception {
        ConnectClient connect = new ConnectClient(worker.url());
        String source = run + "_source";
        String sink = run + "_sink";
        connect.put(source, snapshot(run));
        parts.add(() -> connect.delete(source));
        connect.put(sink, sink(target, run));
        parts.add(() -> connect.delete(sink));
        long rows = servers.tables().stream()
                .mapToLong(table -> table.rows() / LoadServers.SHARE)
                .sum();
        Condition.await("every row is written", LIMIT, LOOK_EVERY, () -> {
            Beginning.requireNotFailed(connect, source);
            Beginning.requireNotFailed(connect, sink);
            return Long.parseLong(LoadServers.ask(
                            target, "select coalesce(sum(n_tup_ins), 0)::bigint from pg_stat_user_tables"))
                    >= rows;
        });
        for (LoadTable table : servers.tables()) {
            LoadServers.execute(target, table.key());
        }
    }

    private Map<String, String> snapshot(String run) {
        Map<String, String> config = new LinkedHashMap<>(new StockSide().config(servers.sourceOfShare(), run, run));
        config.put("snapshot.mode", "initial_only");
        config.putAll(StoredSchemaConverter.config(schemas));
        return config;
    }

    private Map<String, String> sink(ServerSettings target, String run) {
        List<String> topics =
                servers.tables().stream().map(table -> run + "." + table.name()).toList();
        Map<String, String> config = JdbcSink.config(target, topics, schemas);
        config.put("insert.mode", "insert");
        config.put("primary.key.mode", "none");
        return config;
    }
}
