package io.changeover.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * A broker and a Connect worker in this JVM, over one work directory.
 *
 * <p>It installs no shutdown hook: a JVM that ends without {@link #close()} is a crash, from which the next start
 * recovers. The owner closes it from his own hook, at the time that suits his other parts.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private final WorkDirectory work;
    private final EmbeddedBroker broker;
    private final EmbeddedWorker worker;

    private EmbeddedKafka(WorkDirectory work, EmbeddedBroker broker, EmbeddedWorker worker) {
        this.work = work;
        this.broker = broker;
        this.worker = worker;
    }

    /**
     * Starts the broker, then the worker.
     *
     * @param directory what they keep is there; an earlier start's topics, connectors and offsets are there again
     * @throws IllegalStateException if the directory is in use or one of them does not start
     */
    public static EmbeddedKafka start(Path directory) {
        return start(directory, Map.of());
    }

    /**
     * The same with settings of the worker that replace those of {@code config/worker.properties}.
     *
     * @param settings by name
     */
    public static EmbeddedKafka start(Path directory, Map<String, String> settings) {
        try {
            WorkDirectory work = WorkDirectory.open(directory);
            try {
                return start(work, settings);
            } catch (IOException | RuntimeException e) {
                work.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedKafka start(WorkDirectory work, Map<String, String> settings) throws IOException {
        EmbeddedBroker broker = EmbeddedBroker.start(work);
        try {
            return new EmbeddedKafka(work, broker, EmbeddedWorker.start(work, broker.bootstrapServers(), settings));
        } catch (IOException | RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /** {@code host:port} for Kafka's clients. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Where Connect's REST API is. */
    public URI connectUri() {
        return worker.uri();
    }

    /** Stops the worker, then the broker that it needs for that; each has a deadline, together 10 s. */
    @Override
    public void close() {
        worker.close();
        broker.close();
        try {
            work.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
