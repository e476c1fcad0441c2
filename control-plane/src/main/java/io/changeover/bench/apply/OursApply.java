package io.changeover.bench.apply;

import io.changeover.bench.DelayProxy;
import io.changeover.bench.Parts;
import io.changeover.bench.Templates;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.capture.Beginning;
import io.changeover.connect.ConnectClient;
import io.changeover.ledger.Ledger;
import io.changeover.ledger.StreamLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/** Our sink, by the template {@code config/connectors/sink.json}. */
final class OursApply implements ApplySide {

    private final String name;
    private final Duration oneWay;
    private final Recording recording;
    private final WorkerProcess worker;

    /**
     * The sink at some distance from its target.
     *
     * @param worker where it runs
     * @param oneWay how much later every byte arrives between worker and target; zero connects them directly
     */
    OursApply(String name, WorkerProcess worker, Duration oneWay, Recording recording) {
        this.name = name;
        this.worker = worker;
        this.oneWay = oneWay;
        this.recording = recording;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Running start(String run, ServerSettings target, Parts parts) throws Exception {
        ConnectClient connect = new ConnectClient(worker.url());
        TargetPosition position =
                parts.add(TargetPosition.ofStream(target, recording.changeTopic(), recording.timeline()));
        beginAt(target, recording.changeTopic(), recording.timeline().beginning());
        connect.put(run, config(recording.changeTopic(), throughProxy(target, parts)));
        parts.add(() -> connect.delete(run));
        return new Running(position, Optional.of(worker.handle()), () -> Beginning.requireNotFailed(connect, run));
    }

    private ServerSettings throughProxy(ServerSettings target, Parts parts) throws IOException {
        if (oneWay.isZero()) {
            return target;
        }
        DelayProxy proxy = parts.add(DelayProxy.start(target.port(), oneWay));
        return new ServerSettings(
                target.host(),
                proxy.port(),
                target.database(),
                target.user(),
                target.password(),
                target.sslMode(),
                target.sslRootCert());
    }

    /**
     * Lets a target know that it has everything up to a position. A topic begins where its slot does; this one begins
     * later, with the offset that every measurement begins with.
     */
    static void beginAt(ServerSettings target, String stream, LogSequenceNumber position) throws SQLException {
        try (Connection connection = Connections.open(target, "changeover-bench")) {
            Ledger.create(connection);
            long epoch = StreamLedger.open(connection, stream).epoch();
            if (!StreamLedger.advance(connection, stream, new StreamLedger.Position(epoch, 0, position), 0, 0)) {
                throw new IllegalStateException("Another sink has opened stream " + stream);
            }
        }
    }

    /** The sink's configuration. */
    static Map<String, String> config(String changeTopic, ServerSettings target) {
        Map<String, String> config =
                new LinkedHashMap<>(Templates.of(target, target).sink());
        config.put("topics", changeTopic);
        return config;
    }
}
