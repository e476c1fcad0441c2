package io.changeover.bench.load;

import io.changeover.bench.Condition;
import io.changeover.bench.Parts;
import io.changeover.bench.Templates;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.capture.Beginning;
import io.changeover.connect.ConnectClient;
import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.schema.IndexBuilds;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Our load connector, by the template {@code config/connectors/load.json}, and the keys as a migration makes them. */
final class OursLoad implements LoadSide {

    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** Connect's REST runs in the worker that is measured. */
    private static final Duration ASK_CONNECT_EVERY = Duration.ofSeconds(2);

    private static final int INDEX_SESSIONS = 4;

    private final LoadServers servers;
    private final WorkerProcess worker;
    private final Map<String, Double> phases = new LinkedHashMap<>();

    OursLoad(LoadServers servers, WorkerProcess worker) {
        this.servers = servers;
        this.worker = worker;
    }

    @Override
    public String name() {
        return "ours";
    }

    @Override
    public Optional<ProcessHandle> worker() {
        return Optional.of(worker.handle());
    }

    @Override
    public void load(ServerSettings target, String run, Parts parts) throws Exception {
        ConnectClient connect = new ConnectClient(worker.url());
        long begun = System.nanoTime();
        phases.clear();
        connect.put(run, config(target, run));
        parts.add(() -> connect.delete(run));
        try (Connection ledger = Connections.open(target, "changeover-bench")) {
            await("a row has come", connect, run, () -> hasRow(ledger));
            phases.put("until the first row", seconds(begun));
            await(
                    "every table is loaded",
                    connect,
                    run,
                    () -> LoadLedger.states(ledger).size() == servers.tables().size() && LoadLedger.isFinished(ledger));
        }
        phases.put("until the last row", seconds(begun));
        new IndexBuilds(target, INDEX_SESSIONS)
                .run(
                        "",
                        servers.tables().stream()
                                .map(table -> new IndexBuilds.Build(
                                        table.name().quoted(), "key of " + table.name(), table.key()))
                                .toList());
        phases.put("until the last key", seconds(begun));
    }

    private static void await(String what, ConnectClient connect, String run, Callable<Boolean> question)
            throws Exception {
        long[] asked = {System.nanoTime()};
        Condition.await(what, LIMIT, LOOK_EVERY, () -> {
            if (System.nanoTime() - asked[0] > ASK_CONNECT_EVERY.toNanos()) {
                Beginning.requireNotFailed(connect, run);
                asked[0] = System.nanoTime();
            }
            return question.call();
        });
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static boolean hasRow(Connection target) throws SQLException {
        String sql = "select exists (select from pg_stat_progress_copy where tuples_processed > 0)";
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getBoolean(1) || (Ledger.exists(target) && LoadLedger.isFinished(target));
        }
    }

    @Override
    public Map<String, Double> phases() {
        return Collections.unmodifiableMap(phases);
    }

    private Map<String, String> config(ServerSettings target, String run) {
        Map<String, String> config =
                new LinkedHashMap<>(Templates.of(servers.source(), target).load());
        config.put("publication.name", LoadServers.PUBLICATION);
        config.put("progress.topic", run + ".progress");
        return config;
    }
}
