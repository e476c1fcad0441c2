package io.changeover.verify.live;

import io.changeover.kafka.KafkaClients;
import io.changeover.migration.VerificationRun.StreamPoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What Kafka says of the change topic.
 *
 * @param topicId tells it from another one of the same name; empty text if the cluster knows none
 * @param first the first offset that it still has
 */
record TopicLook(String topicId, long first) {

    static TopicLook at(KafkaClients kafka, String topic) throws InterruptedException {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = Admin.create(kafka.config(Map.of()))) {
            Uuid id = Optional.ofNullable(admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic))
                    .map(TopicDescription::topicId)
                    .orElse(Uuid.ZERO_UUID);
            long first = admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
            return new TopicLook(id.equals(Uuid.ZERO_UUID) ? "" : id.toString(), first);
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka does not say what the topic " + topic + " is", e.getCause());
        }
    }

    /** Whether all is there still that was there from this place on. */
    boolean hasAllFrom(StreamPoint place) {
        return !topicId.isEmpty() && topicId.equals(place.topicId()) && first <= place.offset();
    }
}
