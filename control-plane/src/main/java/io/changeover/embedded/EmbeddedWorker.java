package io.changeover.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.connect.cli.ConnectDistributed;
import org.apache.kafka.connect.runtime.Connect;
import org.apache.kafka.connect.runtime.distributed.DistributedHerder;

/** A Kafka Connect worker in distributed mode, alone in its group, with REST on 127.0.0.1. */
public final class EmbeddedWorker implements AutoCloseable {

    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    private static final Duration REST_DEADLINE = Duration.ofSeconds(1);
    private static final Duration HERDER_DEADLINE = Duration.ofSeconds(6);

    private final Connect<DistributedHerder> connect;
    private final URI uri;

    private EmbeddedWorker(Connect<DistributedHerder> connect, URI uri) {
        this.connect = connect;
        this.uri = uri;
    }

    /**
     * Starts a worker alone, at a broker that is elsewhere.
     *
     * @param directory where it keeps its port
     * @param bootstrapServers the broker, which is running
     * @return a worker that takes connectors
     * @throws IllegalStateException if the directory is in use or it could not start
     */
    public static EmbeddedWorker start(Path directory, String bootstrapServers) throws IOException {
        return start(directory, bootstrapServers, Map.of());
    }

    /**
     * The same with settings that replace those of {@code config/worker.properties}.
     *
     * @param settings of the worker, by name; a {@code plugin.path} among them is used
     */
    public static EmbeddedWorker start(Path directory, String bootstrapServers, Map<String, String> settings)
            throws IOException {
        try (WorkDirectory work = WorkDirectory.open(directory)) {
            return start(work, bootstrapServers, settings);
        }
    }

    /**
     * Starts a worker.
     *
     * @param bootstrapServers the broker, which is running
     * @param more settings that replace those of {@code config/worker.properties}
     * @return a worker that takes connectors
     * @throws IllegalStateException if it could not start or join its group
     */
    static EmbeddedWorker start(WorkDirectory work, String bootstrapServers, Map<String, String> more)
            throws IOException {
        int port = work.port("connect");
        Map<String, String> settings = WorkerSettings.embedded(bootstrapServers, port);
        settings.putAll(more);
        try {
            Connect<DistributedHerder> connect = KafkaExit.guard(() -> startConnect(settings));
            EmbeddedWorker worker = new EmbeddedWorker(connect, URI.create("http://127.0.0.1:" + port + "/"));
            worker.awaitReady();
            return worker;
        } catch (Exception e) {
            throw new IllegalStateException("The embedded Connect worker did not start", e);
        }
    }

    /** Connect leaves its class loader on the thread that starts it; the caller's thread gets its own back. */
    private static Connect<DistributedHerder> startConnect(Map<String, String> settings) {
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        try {
            return new ConnectDistributed().startConnect(settings);
        } finally {
            thread.setContextClassLoader(own);
        }
    }

    /** Where Connect's REST API is. */
    public URI uri() {
        return uri;
    }

    /**
     * Stops REST, then connectors and tasks, which commit what they have. Connect's own {@code stop()} would wait up to
     * a minute for an open HTTP request before it told the tasks.
     */
    @Override
    public void close() {
        Deadline.run("stop Connect's REST server", REST_DEADLINE, connect.rest()::stop);
        Deadline.run("stop the embedded Connect worker", HERDER_DEADLINE, connect.herder()::stop);
    }

    private void awaitReady() {
        long end = System.nanoTime() + START_DEADLINE.toNanos();
        while (!connect.herder().isReady()) {
            if (System.nanoTime() - end > 0 || connect.herderTask().isDone()) {
                close();
                throw new IllegalStateException(
                        "The worker did not read its topics and join its group; the log says why");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
