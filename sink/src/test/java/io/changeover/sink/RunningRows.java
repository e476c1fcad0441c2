package io.changeover.sink;

import io.changeover.postgres.ServerSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** A task that has the partitions of row topics, driven as a Connect worker drives it. */
final class RunningRows implements AutoCloseable {

    static final String[] UPSERT = {"insert.mode", "upsert", "pk.mode", "record_key", "delete.enabled", "true"};

    final RunningSink.Context context = new RunningSink.Context();
    private final PostgresSinkTask task = new PostgresSinkTask();
    private final List<TopicPartition> partitions;

    RunningRows(ServerSettings target, Collection<TopicPartition> partitions, String... keysAndValues) {
        this.partitions = List.copyOf(partitions);
        Map<String, String> properties = RunningSink.properties(target, keysAndValues);
        properties.put("topics", "");
        properties.put("topics.regex", "shop[.].*");
        properties.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
        task.initialize(context);
        task.start(properties);
        task.open(this.partitions);
    }

    RunningRows put(List<SinkRecord> records) {
        task.put(records);
        return this;
    }

    Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        task.preCommit(Map.of()).forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        return offsets;
    }

    @Override
    public void close() {
        task.close(partitions);
        task.stop();
    }
}
