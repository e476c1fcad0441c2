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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Our load connector, by the template {@code config/connectors/load.json}, and the keys as a migration makes them. */
final class OursLoad implements LoadSide {

    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final int INDEX_SESSIONS = 4;

    private final LoadServers servers;
    private final WorkerProcess worker;

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
        connect.put(run, config(target, run));
        parts.add(() -> connect.delete(run));
        try (Connection ledger = Connections.open(target, "changeover-bench")) {
            Condition.await("every table is loaded", LIMIT, LOOK_EVERY, () -> {
                Beginning.requireNotFailed(connect, run);
                return Ledger.exists(ledger)
                        && LoadLedger.states(ledger).size() == servers.tables().size()
                        && LoadLedger.isFinished(ledger);
            });
        }
        new IndexBuilds(target, INDEX_SESSIONS)
                .run(
                        "",
                        servers.tables().stream()
                                .map(table -> new IndexBuilds.Build(
                                        table.name().quoted(), "key of " + table.name(), table.key()))
                                .toList());
    }

    private Map<String, String> config(ServerSettings target, String run) {
        Map<String, String> config =
                new LinkedHashMap<>(Templates.of(servers.source(), target).load());
        config.put("publication.name", LoadServers.PUBLICATION);
        config.put("progress.topic", run + ".progress");
        return config;
    }
}
