package io.changeover.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker on 127.0.0.1 that is its own controller.
 *
 * <p>The controller's port may differ from one start to the next: the quorum is a static one, of which only the node's
 * number is on disk.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final int NODE = 1;
    private static final int LARGEST_MESSAGE = 64 << 20;
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(3);

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedBroker(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts a broker alone, over a directory that belongs to nobody else, not even to another start.
     *
     * @param directory where its topics are
     * @return a broker that accepts clients
     * @throws IllegalStateException if the directory is in use or it could not start
     */
    public static EmbeddedBroker start(Path directory) throws IOException {
        return start(directory, Map.of());
    }

    /** The same with settings that replace its own. */
    static EmbeddedBroker start(Path directory, Map<String, String> more) throws IOException {
        try (WorkDirectory work = WorkDirectory.open(directory)) {
            return start(work, more);
        }
    }

    /**
     * Formats the directory at the first start, and starts the broker.
     *
     * @return a broker that accepts clients
     * @throws IllegalStateException if it could not start
     */
    static EmbeddedBroker start(WorkDirectory work) throws IOException {
        return start(work, Map.of());
    }

    private static EmbeddedBroker start(WorkDirectory work, Map<String, String> more) throws IOException {
        int port = work.port("broker");
        Properties settings = settings(work.kafka(), port, work.port("controller"));
        settings.putAll(more);
        formatOnce(work.kafka());
        try {
            return KafkaExit.guard(() -> startup(new KafkaConfig(settings, false), "127.0.0.1:" + port));
        } catch (Exception e) {
            throw new IllegalStateException("The embedded broker did not start in " + work.kafka(), e);
        }
    }

    private static EmbeddedBroker startup(KafkaConfig config, String bootstrapServers) {
        EmbeddedBroker broker = new EmbeddedBroker(new KafkaRaftServer(config, Time.SYSTEM), bootstrapServers);
        try {
            broker.server.startup();
            return broker;
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /** {@code host:port} for Kafka's clients. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Stops the broker; what is in the page cache is on disk, also if the deadline ends it. */
    @Override
    public void close() {
        Deadline.run("stop the embedded broker", STOP_DEADLINE, () -> {
            server.shutdown();
            server.awaitShutdown();
        });
    }

    private static void formatOnce(Path directory) throws IOException {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(directory);
        try {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE)
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setIgnoreFormatted(true)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
        } catch (Exception e) {
            throw new IOException("Could not format " + directory + " for Kafka", e);
        }
    }

    private static Properties settings(Path directory, int port, int controllerPort) {
        Properties settings = new Properties();
        settings.putAll(BrokerSettings.COMMON);
        settings.put("node.id", String.valueOf(NODE));
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        settings.put("listeners", "BROKER://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "BROKER://127.0.0.1:" + port);
        settings.put("log.dirs", directory.toString());
        settings.put("message.max.bytes", String.valueOf(LARGEST_MESSAGE));
        settings.put("replica.fetch.max.bytes", String.valueOf(LARGEST_MESSAGE));
        return settings;
    }
}
