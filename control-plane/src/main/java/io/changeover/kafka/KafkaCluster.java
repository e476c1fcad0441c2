package io.changeover.kafka;

/**
 * Kafka and Kafka Connect, as this control plane reaches them.
 *
 * @param kafka makes the properties of all Kafka clients
 * @param connectUrl where Connect's REST API answers
 */
public record KafkaCluster(KafkaClients kafka, String connectUrl) {

    /** Of a broker that neither encrypts nor asks who comes. */
    public static KafkaCluster plain(String bootstrapServers, String connectUrl) {
        return new KafkaCluster(KafkaClients.plain(bootstrapServers), connectUrl);
    }
}
