package io.changeover.bench.apply;

import io.changeover.bench.DelayProxy;
import io.changeover.bench.Parts;
import io.changeover.bench.Templates;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.capture.Beginning;
import io.changeover.connect.ConnectClient;
import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Our sink, by the template {@code config/connectors/sink.json}, in a worker of its own. */
final class OursApply implements ApplySide {

    private final String name;
    private final Duration oneWay;
    private final Recording recording;
    private final String bootstrapServers;
    private final Path logs;

    /**
     * The sink at some distance from its target.
     *
     * @param oneWay how much later every byte arrives between worker and target; zero connects them directly
     */
    OursApply(String name, Duration oneWay, Recording recording, String bootstrapServers, Path logs) {
        this.name = name;
        this.oneWay = oneWay;
        this.recording = recording;
        this.bootstrapServers = bootstrapServers;
        this.logs = logs;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Running start(String run, ServerSettings target, Parts parts) throws Exception {
        WorkerProcess worker = parts.add(WorkerProcess.start(logs.resolve(run), bootstrapServers));
        ConnectClient connect = new ConnectClient(worker.url());
        TargetPosition position =
                parts.add(TargetPosition.ofStream(target, recording.changeTopic(), recording.timeline()));
        connect.put(run, config(recording.changeTopic(), throughProxy(target, parts)));
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

    /** The sink's configuration. */
    static Map<String, String> config(String changeTopic, ServerSettings target) {
        Map<String, String> config =
                new LinkedHashMap<>(Templates.of(target, target).sink());
        config.put("topics", changeTopic);
        return config;
    }
}
