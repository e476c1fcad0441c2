package io.changeover.bench.apply;

import io.changeover.bench.Condition;
import io.changeover.bench.Parts;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.capture.Beginning;
import io.changeover.bench.capture.CaptureSource;
import io.changeover.bench.capture.OursSide;
import io.changeover.bench.capture.Side;
import io.changeover.bench.capture.StockSide;
import io.changeover.bench.capture.Topics;
import io.changeover.bench.jdbc.StoredSchemaConverter;
import io.changeover.bench.workload.Workload;
import io.changeover.connect.ConnectClient;
import io.changeover.postgres.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Captures a workload's WAL into topics, once, before anything is measured. */
final class Recorder {

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /** Whether all is in the topics. */
    private interface Goal {
        boolean isReached(TopicReader reader) throws Exception;
    }

    private final CaptureSource source;
    private final Workload workload;
    private final String bootstrapServers;
    private final Path directory;
    private final Parts owner;

    /**
     * One for one source.
     *
     * @param directory for the workers' logs
     * @param owner stops what is started here, if the benchmark is interrupted
     */
    Recorder(CaptureSource source, Workload workload, String bootstrapServers, Path directory, Parts owner) {
        this.source = source;
        this.workload = workload;
        this.bootstrapServers = bootstrapServers;
        this.directory = directory;
        this.owner = owner;
    }

    /**
     * Makes the slot that keeps the WAL, before the WAL is written.
     *
     * @return our capture's offset
     */
    String begin() throws Exception {
        try (Parts parts = owner.add(new Parts())) {
            WorkerProcess worker =
                    parts.add(WorkerProcess.start(directory.resolve(source.beginning()), bootstrapServers));
            return Beginning.make(source, new OursSide(), new ConnectClient(worker.url()));
        }
    }

    /**
     * Records what was written.
     *
     * @param offset what {@link #begin()} returned
     * @param changes that were written
     * @param stock whether stock Debezium records as well
     * @throws IllegalStateException if the number of changes in our topic is another
     */
    Recording record(String offset, long changes, boolean stock) throws Exception {
        String ours = workload.name() + "_recorded";
        Timeline timeline = new Timeline();
        capture(new OursSide(), Map.of(), ours, offset, reader -> {
            reader.read(timeline);
            return timeline.total() >= changes;
        });
        if (timeline.total() > changes) {
            throw new IllegalStateException(changes + " changes were written, " + timeline.total() + " recorded");
        }
        Map<TableName, String> topics = new LinkedHashMap<>();
        if (stock) {
            String prefix = workload.name() + "_stock";
            capture(new StockSide(), stockConfig(), prefix, offset, reader -> reader.end() >= changes);
            workload.tables().forEach(table -> topics.put(table, prefix + "." + table));
        }
        return new Recording(ours, topics, timeline, offset);
    }

    /** One record for each change, as small as a converter makes it that knows the schema. */
    private Map<String, String> stockConfig() {
        Map<String, String> config = new LinkedHashMap<>(StoredSchemaConverter.config(directory));
        config.put("tombstones.on.delete", "false");
        config.put("producer.override.compression.type", "lz4");
        return config;
    }

    private void capture(Side side, Map<String, String> more, String name, String offset, Goal goal) throws Exception {
        List<String> topics = side.topics(name, workload.tables());
        try (Parts parts = owner.add(new Parts())) {
            parts.add(new Topics(bootstrapServers)).create(topics);
            source.copyBeginning(name);
            parts.add(() -> source.drop(name));
            WorkerProcess worker = parts.add(WorkerProcess.start(directory.resolve(name), bootstrapServers));
            ConnectClient connect = new ConnectClient(worker.url());
            Map<String, String> config = new LinkedHashMap<>(side.config(source.settings(), name, name));
            config.putAll(more);
            connect.createStopped(name, config);
            connect.setOffset(name, Map.of("server", name), offset);
            connect.resume(name);
            TopicReader reader = parts.add(new TopicReader(bootstrapServers, topics));
            Condition.await("all changes are recorded in " + name, LIMIT, LOOK_EVERY, () -> {
                Beginning.requireNotFailed(connect, name);
                return goal.isReached(reader);
            });
            connect.delete(name);
        }
    }
}
