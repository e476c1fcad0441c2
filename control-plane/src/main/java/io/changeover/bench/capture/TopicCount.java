package io.changeover.bench.capture;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Looks at the topics of a measurement: how far they are, which costs nothing, and what is in them, which costs more
 * than to write it and is asked for when the run is over. Not thread-safe.
 */
final class TopicCount implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final RowChanges rowChanges;
    private final Arrivals arrivals = new Arrivals();
    private long valueBytes;
    private long records;

    TopicCount(String bootstrapServers, List<String> topics, RowChanges rowChanges) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "max.partition.fetch.bytes",
                4 << 20,
                "max.poll.records",
                5000);
        consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        partitions = topics.stream().map(topic -> new TopicPartition(topic, 0)).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        this.rowChanges = rowChanges;
    }

    /** Records that are in the topics. */
    long end() {
        return consumer.endOffsets(partitions).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Reads what has come since the last time. */
    void read() {
        long end = end();
        while (records < end) {
            consumer.poll(POLL).forEach(this::count);
        }
    }

    private void count(ConsumerRecord<byte[], byte[]> record) {
        records++;
        byte[] value = record.value();
        if (value != null) {
            valueBytes += value.length;
            arrivals.add(record.timestamp(), rowChanges.in(value));
        }
    }

    /** When the changes arrived that were read so far. */
    Arrivals arrivals() {
        return arrivals;
    }

    /** Bytes of the values that were read so far, as the converter made them: uncompressed, without keys. */
    long valueBytes() {
        return valueBytes;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
