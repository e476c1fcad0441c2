package io.changeover.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees that another control plane has opened the store, also while this one has nothing to record. */
final class SuccessorWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SuccessorWatch.class);
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private final KafkaConsumer<String, String> consumer;
    private final Predicate<ConsumerRecord<String, String>> isSuccessor;
    private final Runnable found;
    private final Thread thread;
    private volatile boolean closed;

    private SuccessorWatch(
            KafkaConsumer<String, String> consumer,
            Predicate<ConsumerRecord<String, String>> isSuccessor,
            Runnable found) {
        this.consumer = consumer;
        this.isSuccessor = isSuccessor;
        this.found = found;
        this.thread = new Thread(this::watch, "changeover-successor-watch");
    }

    /**
     * Begins.
     *
     * @param config of a consumer
     * @param from the offset behind one's own record
     * @param found called once, by a thread of its own
     */
    static SuccessorWatch start(
            Map<String, Object> config,
            TopicPartition partition,
            long from,
            Predicate<ConsumerRecord<String, String>> isSuccessor,
            Runnable found) {
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        SuccessorWatch watch = new SuccessorWatch(consumer, isSuccessor, found);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try (consumer) {
            while (!closed) {
                if (sawSuccessor()) {
                    found.run();
                    return;
                }
            }
        } catch (WakeupException e) {
            LOG.debug("No longer watching for a successor");
        }
    }

    private boolean sawSuccessor() {
        try {
            for (ConsumerRecord<String, String> record : consumer.poll(A_WHILE)) {
                if (isSuccessor.test(record)) {
                    return true;
                }
            }
            return false;
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("Cannot see now whether another control plane has taken over", e);
            pause();
            return false;
        }
    }

    private void pause() {
        try {
            Thread.sleep(A_WHILE.toMillis());
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    /** Whether it looks no longer: it has found one, or is closed. */
    boolean isOver() {
        return !thread.isAlive();
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
    }
}
