package io.changeover.sink;

import io.changeover.postgres.ServerSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/** A task with its topic assigned, driven as a Connect worker drives it. */
final class RunningSink implements AutoCloseable {

    static final TopicPartition PARTITION = new TopicPartition(ChangeTopic.NAME, 0);

    final Context context = new Context();
    private final PostgresSinkTask task = new PostgresSinkTask();
    private long consumed;
    private List<SinkRecord> batch = List.of();

    RunningSink(ServerSettings target, String... moreKeysAndValues) {
        task.initialize(context);
        task.start(properties(target, moreKeysAndValues));
        open();
    }

    static Map<String, String> properties(ServerSettings target, String... moreKeysAndValues) {
        Map<String, String> properties = new HashMap<>();
        properties.put("name", "sink");
        properties.put("topics", ChangeTopic.NAME);
        properties.put("value.converter", "io.changeover.wire.ChangeConverter");
        properties.put("connection.host", target.host());
        properties.put("connection.port", String.valueOf(target.port()));
        properties.put("connection.database", target.database());
        properties.put("connection.user", target.user());
        properties.put("connection.password", target.password());
        properties.put("connection.ssl.mode", target.sslMode());
        for (int i = 0; i < moreKeysAndValues.length; i += 2) {
            properties.put(moreKeysAndValues[i], moreKeysAndValues[i + 1]);
        }
        return properties;
    }

    void open() {
        task.open(List.of(PARTITION));
    }

    /** And waits, as a worker that has nothing else, until it is known how that went. */
    RunningSink put(Collection<SinkRecord> records) {
        begin(records);
        while (context.timeout > 0) {
            begin(List.of());
        }
        return this;
    }

    /** Much of it may be applied beside the caller. */
    void begin(Collection<SinkRecord> records) {
        context.timeout = -1;
        task.put(records);
    }

    long committedOffset() {
        return task.preCommit(Map.of()).get(PARTITION).offset();
    }

    /** About how many bytes of changes the task holds. */
    long heldBytes() {
        return task.heldBytes();
    }

    long heldChanges() {
        return task.heldChanges();
    }

    /** Delivers what the topic holds from the consumer's place on, as a worker does, until nothing is left. */
    RunningSink follow(ChangeTopic topic, int recordsPerPut) {
        int attempts = 0;
        while (undelivered(topic)) {
            Optional<RetriableException> failure = iterate(topic, recordsPerPut);
            attempts = failure.isPresent() ? attempts + 1 : 0;
            if (attempts > 100) {
                throw failure.orElseThrow();
            }
        }
        return this;
    }

    /** One turn of a worker's loop: seek if asked, poll unless a batch has to be put again, put. */
    Optional<RetriableException> iterate(ChangeTopic topic, int recordsPerPut) {
        context.takeSeek().ifPresent(offset -> consumed = offset);
        if (batch.isEmpty()) {
            batch = topic.from(consumed).stream().limit(recordsPerPut).toList();
            consumed += batch.size();
        }
        try {
            begin(batch);
            batch = List.of();
            return Optional.empty();
        } catch (RetriableException e) {
            return Optional.of(e);
        }
    }

    private boolean undelivered(ChangeTopic topic) {
        return context.seekPending.isPresent() || !batch.isEmpty() || consumed < topic.end() || context.timeout > 0;
    }

    void rebalance() {
        task.close(List.of(PARTITION));
        open();
    }

    @Override
    public void close() {
        task.close(List.of(PARTITION));
        task.stop();
    }

    /** What the task asked of the worker. */
    static final class Context implements SinkTaskContext {
        final Map<TopicPartition, Long> seeks = new HashMap<>();
        final Metrics metrics = new Metrics();

        /** Absent unless a test wants one. */
        @Nullable
        ErrantRecordReporter reporter;

        private Optional<Long> seekPending = Optional.empty();
        long timeout = -1;

        long soughtOffset() {
            return seeks.getOrDefault(PARTITION, -1L);
        }

        private Optional<Long> takeSeek() {
            Optional<Long> seek = seekPending;
            seekPending = Optional.empty();
            return seek;
        }

        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {
            offsets.forEach(this::offset);
        }

        @Override
        public void offset(TopicPartition partition, long offset) {
            seeks.put(partition, offset);
            seekPending = Optional.of(offset);
        }

        @Override
        public void timeout(long milliseconds) {
            timeout = milliseconds;
        }

        @Override
        public Set<TopicPartition> assignment() {
            return Set.of(PARTITION);
        }

        @Override
        public void pause(TopicPartition... partitions) {}

        @Override
        public void resume(TopicPartition... partitions) {}

        @Override
        public void requestCommit() {}

        @Override
        public @Nullable ErrantRecordReporter errantRecordReporter() {
            return reporter;
        }

        @Override
        public PluginMetrics pluginMetrics() {
            return new PluginMetricsImpl(metrics, Map.of("connector", "sink", "task", "0"));
        }

        /** What a metric says now. */
        double metric(String name) {
            return metrics.metrics().entrySet().stream()
                    .filter(each -> each.getKey().name().equals(name))
                    .map(each -> ((Number) each.getValue().metricValue()).doubleValue())
                    .findFirst()
                    .orElseThrow();
        }
    }
}
