package io.changeover.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(StackExtension.class)
class SuccessorWatchTest {

    private final String topic = "watched-" + UUID.randomUUID();
    private final List<String> looked = new CopyOnWriteArrayList<>();
    private final List<String> found = new CopyOnWriteArrayList<>();

    @Test
    void whoComesBehindOnesOwnRecordIsSeenOnceAndWhoCameBeforeIsNot(SharedStack stack) throws Exception {
        try (KafkaProducer<String, String> producer = producer(stack)) {
            write(producer, "successor before");
            write(producer, "own");
            try (SuccessorWatch watch = watch(stack, 2)) {
                write(producer, "a migration");
                write(producer, "successor");
                write(producer, "successor of the successor");

                await("the successor").atMost(Duration.ofSeconds(30)).until(() -> !found.isEmpty());
                await("the end of the watch").atMost(Duration.ofSeconds(30)).until(watch::isOver);
                assertThat(looked).containsExactly("a migration", "successor");
                assertThat(found).containsExactly("found");
            }
        }
    }

    @Test
    void watchThatIsClosedEndsAndSeesNobody(SharedStack stack) throws Exception {
        try (KafkaProducer<String, String> producer = producer(stack)) {
            write(producer, "own");
            SuccessorWatch watch = watch(stack, 1);
            watch.close();
            await("the end of the watch").atMost(Duration.ofSeconds(30)).until(watch::isOver);
            write(producer, "successor");

            assertThat(found).isEmpty();
        }
    }

    private SuccessorWatch watch(SharedStack stack, long from) {
        return SuccessorWatch.start(
                Map.of("bootstrap.servers", stack.bootstrapServers(), "isolation.level", "read_committed"),
                new TopicPartition(topic, 0),
                from,
                record -> {
                    looked.add(record.value());
                    return record.value().startsWith("successor");
                },
                () -> found.add("found"));
    }

    private KafkaProducer<String, String> producer(SharedStack stack) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", stack.bootstrapServers());
        try (Admin admin = Admin.create(config)) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private void write(KafkaProducer<String, String> producer, String value)
            throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topic, value)).get();
    }
}
