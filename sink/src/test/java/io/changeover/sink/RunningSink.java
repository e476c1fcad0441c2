package io.changeover.sink;

import io.changeover.postgres.ServerSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** A task with its topic assigned, driven as a Connect worker drives it. */
final class RunningSink implements AutoCloseable {

    static final TopicPartition PARTITION = new TopicPartition(ChangeTopic.NAME, 0);

    final Context context = new Context();
    private final PostgresSinkTask task = new PostgresSinkTask();

    RunningSink(ServerSettings target, String... moreKeysAndValues) {
        task.initialize(context);
        task.start(properties(target, moreKeysAndValues));
        open();
    }

    static Map<String, String> properties(ServerSettings target, String... moreKeysAndValues) {
        Map<String, String> properties = new HashMap<>();
        properties.put("name", "sink");
        properties.put("topics", ChangeTopic.NAME);
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

    RunningSink put(Collection<SinkRecord> records) {
        task.put(records);
        return this;
    }

    long committedOffset() {
        return task.preCommit(Map.of()).get(PARTITION).offset();
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
        long timeout = -1;

        long soughtOffset() {
            return seeks.getOrDefault(PARTITION, -1L);
        }

        @Override
        public Map<String, String> configs() {
            return Map.of();
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {
            seeks.putAll(offsets);
        }

        @Override
        public void offset(TopicPartition partition, long offset) {
            seeks.put(partition, offset);
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
        public PluginMetrics pluginMetrics() {
            throw new UnsupportedOperationException("no metrics in tests");
        }
    }
}
