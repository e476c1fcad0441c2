package io.changeover.lag;

import io.changeover.kafka.KafkaClients;
import java.time.Duration;
import org.postgresql.replication.LogSequenceNumber;

/** Reads a change topic from a position of the sink on, and counts. Not thread-safe. */
final class CapturedChanges implements AutoCloseable {

    private static final Duration BUDGET = Duration.ofMillis(250);

    private final TopicTail tail;
    private final ChangeCount count;

    /**
     * Counts from a position of the sink on.
     *
     * @param offset the sink's position
     * @param commitLsn the sink's position
     */
    CapturedChanges(KafkaClients kafka, String topic, long offset, LogSequenceNumber commitLsn) {
        tail = new TopicTail(kafka, topic, offset);
        count = new ChangeCount(commitLsn);
    }

    /**
     * Reads what has come, and leaves out what the target has.
     *
     * @param applied the sink's position
     */
    void read(LogSequenceNumber applied) {
        tail.drain(BUDGET, record -> {
            if (record.value() != null) {
                count.add(record.offset(), record.value());
            }
        });
        count.applied(applied);
    }

    /** What is counted until now. */
    ChangeCount count() {
        return count;
    }

    /** The offset after the topic's last record. */
    long topicEnd() {
        return tail.end();
    }

    @Override
    public void close() {
        tail.close();
    }
}
