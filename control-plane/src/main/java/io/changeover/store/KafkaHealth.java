package io.changeover.store;

import io.changeover.kafka.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/** Whether the Kafka cluster answers; asks at most once in two seconds. Safe for use by several threads. */
public final class KafkaHealth implements AutoCloseable {

    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final int PATIENCE_MILLIS = 2000;

    private final Admin admin;
    private final InstantSource clock;
    private Instant asked = Instant.EPOCH;
    private boolean answered;

    /** Does not connect yet. */
    public KafkaHealth(KafkaClients kafka, InstantSource clock) {
        this.admin = Admin.create(kafka.config(Map.of("reconnect.backoff.max.ms", PATIENCE_MILLIS)));
        this.clock = clock;
    }

    /** Whether it answered when it was asked last, two seconds ago at most. */
    public synchronized boolean answers() {
        Instant now = clock.instant();
        if (asked.plus(FRESH).isBefore(now)) {
            answered = ask();
            asked = now;
        }
        return answered;
    }

    private boolean ask() {
        try {
            return !admin.describeCluster(new DescribeClusterOptions().timeoutMs(PATIENCE_MILLIS))
                    .nodes()
                    .get()
                    .isEmpty();
        } catch (ExecutionException e) {
            return false; // whatever the reason is: nothing can be stored
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
