package io.changeover.cli;

import io.changeover.access.Access;
import io.changeover.api.ApiServer;
import io.changeover.embedded.EmbeddedKafka;
import io.changeover.hook.HookScope;
import io.changeover.kafka.KafkaCluster;
import io.changeover.runner.ControlPlane;
import io.changeover.spec.Secrets;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Everything that runs in this JVM: broker and worker unless there is a cluster, control plane, API. */
final class Stack implements AutoCloseable {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final URI api;
    private final String connectUrl;

    private Stack(
            Path workDirectory,
            Optional<KafkaCluster> cluster,
            InetSocketAddress listen,
            Access access,
            Secrets secrets,
            HookScope hooks) {
        try {
            KafkaCluster where = cluster.orElseGet(() -> embedded(workDirectory, secrets));
            connectUrl = where.connectUrl();
            ControlPlane controlPlane =
                    ControlPlane.open(where, secrets, hooks, workDirectory.resolve("databases"), Clock.systemUTC());
            parts.push(controlPlane);
            ApiServer server = ApiServer.start(controlPlane, listen, access);
            parts.push(server);
            api = server.uri();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private KafkaCluster embedded(Path workDirectory, Secrets secrets) {
        EmbeddedKafka kafka = EmbeddedKafka.start(workDirectory.resolve("kafka"), secrets.workerSettings());
        parts.push(kafka);
        return KafkaCluster.plain(
                kafka.bootstrapServers(), kafka.connectUri().toString().replaceAll("/+$", ""));
    }

    /** Starts all of it; if a part does not start, those before it are stopped again. */
    static Stack start(
            Path workDirectory,
            Optional<KafkaCluster> cluster,
            InetSocketAddress listen,
            Access access,
            Secrets secrets,
            HookScope hooks) {
        return new Stack(workDirectory, cluster, listen, access, secrets, hooks);
    }

    /** Where the API answers. */
    URI api() {
        return api;
    }

    /** Where Kafka Connect's REST API answers. */
    String connectUrl() {
        return connectUrl;
    }

    /** Stops the parts, the last first; a part that does not stop does not keep the others. */
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                System.err.println("A part did not stop cleanly: " + e.getMessage());
            }
        }
    }
}
