package io.changeover.spec;

/**
 * An existing Kafka and Kafka Connect cluster.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param connectUrl where Connect's REST API answers
 */
public record ClusterSpec(String bootstrapServers, String connectUrl) {}
