package io.changeover.preflight;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Kafka and Kafka Connect are asked.
 *
 * @param kafka empty if it does not answer
 * @param kafkaTrouble why it does not
 * @param connect empty if it does not answer
 */
record ClusterFacts(Optional<KafkaFacts> kafka, String kafkaTrouble, Optional<ConnectFacts> connect) {

    /** Of a cluster that answers, or does not say why it does not. */
    ClusterFacts(Optional<KafkaFacts> kafka, Optional<ConnectFacts> connect) {
        this(kafka, "Kafka does not answer.", connect);
    }

    /**
     * Kafka.
     *
     * @param brokers how many there are
     * @param replication how many copies of a topic's records the cluster makes unless it is told
     * @param freeBytes the free disk of the broker that has the least; empty if a broker does not tell
     * @param topics the change topics that are there already, by name
     */
    record KafkaFacts(int brokers, int replication, Optional<Long> freeBytes, Map<String, TopicFacts> topics) {

        KafkaFacts {
            topics = Map.copyOf(topics);
        }
    }

    /** A topic: how many partitions it has, and its settings by name. */
    record TopicFacts(int partitions, Map<String, String> settings) {

        TopicFacts {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * Kafka Connect.
     *
     * @param version of the worker that answered
     * @param plugins versions by class
     * @param refusals what it has against a connector's configuration, by the connector's name
     */
    record ConnectFacts(String version, Map<String, String> plugins, Map<String, List<String>> refusals) {

        ConnectFacts {
            plugins = Map.copyOf(plugins);
            refusals = Map.copyOf(refusals);
        }
    }
}
