package io.changeover.lag;

import io.changeover.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic of one partition on and on, without a consumer group. Not thread-safe. */
public final class TopicTail implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMillis(20);

    private static final int FETCH_BYTES = 1 << 20;

    /** Of half a megabyte at most; those that compress well are all in one fetch. */
    private static final int RECORDS = 50;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;

    /**
     * A reader of an existing topic.
     *
     * @param from the first offset to read
     */
    public TopicTail(KafkaClients kafka, String topic, long from) {
        Map<String, Object> own = Map.of(
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                "allow.auto.create.topics",
                false,
                "auto.offset.reset",
                "earliest",
                "fetch.min.bytes",
                1,
                "max.partition.fetch.bytes",
                FETCH_BYTES,
                "max.poll.records",
                RECORDS);
        consumer = new KafkaConsumer<>(kafka.config(own), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
    }

    /** Goes on reading from another offset. */
    public void seek(long offset) {
        consumer.seek(partition, offset);
    }

    /** Hands over what has come, for as long as more comes and the budget lasts. */
    public void drain(Duration budget, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        long deadline = System.nanoTime() + budget.toNanos();
        int read;
        do {
            var records = consumer.poll(PATIENCE);
            records.forEach(reader);
            read = records.count();
        } while (read > 0 && System.nanoTime() < deadline);
    }

    /** The offset after the last record of the topic. */
    public long end() {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
