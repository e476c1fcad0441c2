package io.changeover.store;

import io.changeover.kafka.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes records of the store, some at a time and all or nothing, until another control plane does. */
final class StoreWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWriter.class);
    private static final String NAME = "changeover-control-plane";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * A broker that comes back later than this has undone a commit that it did not answer, and takes this control plane
     * for a dead one. A successor does not wait for it. Clusters allow 15 minutes if they are not told otherwise.
     */
    private static final Duration UNANSWERED = Duration.ofMinutes(10);

    private final KafkaProducer<String, String> producer;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread writing = new Thread(work, "changeover-store");
        writing.setDaemon(true);
        return writing;
    });

    /**
     * A writer that has not begun.
     *
     * @param largest bytes of a record
     */
    StoreWriter(KafkaClients kafka, int largest) {
        this.producer = new KafkaProducer<>(
                kafka.config(Map.of(
                        "delivery.timeout.ms",
                        Integer.MAX_VALUE,
                        "transactional.id",
                        NAME,
                        "transaction.timeout.ms",
                        (int) UNANSWERED.toMillis(),
                        "acks",
                        "all",
                        "linger.ms",
                        0,
                        "compression.type",
                        "gzip",
                        "max.request.size",
                        largest,
                        "max.block.ms",
                        (int) PATIENCE.toMillis())),
                new StringSerializer(),
                new StringSerializer());
    }

    /**
     * Takes over from whoever wrote before.
     *
     * @throws KafkaException if the cluster does not answer
     */
    void begin() {
        producer.initTransactions();
    }

    /**
     * Writes all or nothing. On a thread of its own, which nobody interrupts: a producer whose transaction was
     * interrupted is of no use to anybody any more.
     *
     * @return where each is
     * @throws StoreFenced if another control plane has taken over
     */
    List<RecordMetadata> commit(List<ProducerRecord<String, String>> records) {
        try {
            return CompletableFuture.supplyAsync(() -> write(records), thread).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private List<RecordMetadata> write(List<ProducerRecord<String, String>> records) {
        try {
            producer.beginTransaction();
            // the commit below waits for them and throws what went wrong
            List<Future<RecordMetadata>> sent =
                    records.stream().map(producer::send).toList();
            commitSent();
            List<RecordMetadata> written = new ArrayList<>();
            for (Future<RecordMetadata> each : sent) {
                written.add(each.get());
            }
            return written;
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new StoreFenced(e);
        } catch (ExecutionException e) {
            throw new KafkaException("What was committed has no offset", e);
        } catch (InterruptedException e) {
            // nobody interrupts this thread, and the commit has waited already: this cannot be
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while storing", e);
        }
    }

    /**
     * Whether a commit that Kafka has not answered was made is not known, and a switch that may be recorded must not be
     * given up: so it is asked for until Kafka answers. To repeat it is safe.
     */
    private void commitSent() {
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                LOG.warn("Kafka does not answer for {} s; storing waits for it", PATIENCE.toSeconds(), e);
            }
        }
    }

    /** Ends what waits for Kafka, too. */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        thread.shutdown();
    }
}
