package io.changeover.preflight;

import io.changeover.connect.ConnectClient;
import io.changeover.connect.ConnectFailure;
import io.changeover.preflight.ClusterFacts.ConnectFacts;
import io.changeover.preflight.ClusterFacts.KafkaFacts;
import io.changeover.preflight.ClusterFacts.TopicFacts;
import io.changeover.preflight.PreflightRequest.Cluster;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks Kafka and Kafka Connect; makes nothing there. */
final class ClusterFactsReader {

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private ClusterFactsReader() {}

    static ClusterFacts read(Cluster cluster) {
        Optional<ConnectFacts> connect = connect(cluster);
        try {
            return new ClusterFacts(Optional.of(kafka(cluster)), connect);
        } catch (ExecutionException | KafkaException e) {
            return new ClusterFacts(Optional.empty(), cluster.where().kafka().explain(e), connect);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ClusterFacts(Optional.empty(), connect);
        }
    }

    private static KafkaFacts kafka(Cluster cluster) throws ExecutionException, InterruptedException {
        Map<String, Object> own = Map.of(
                "default.api.timeout.ms", (int) PATIENCE.toMillis(),
                "request.timeout.ms", (int) PATIENCE.toMillis());
        try (Admin admin = Admin.create(cluster.where().kafka().config(own))) {
            Collection<Node> brokers = admin.describeCluster().nodes().get();
            Map<String, TopicFacts> topics = new HashMap<>();
            for (String topic : cluster.changeTopics().keySet()) {
                topic(admin, topic).ifPresent(facts -> topics.put(topic, facts));
            }
            return new KafkaFacts(brokers.size(), replication(admin, brokers), freeBytes(admin, brokers), topics);
        }
    }

    private static Optional<TopicFacts> topic(Admin admin, String topic)
            throws ExecutionException, InterruptedException {
        try {
            TopicDescription description = Objects.requireNonNull(
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic), topic);
            return Optional.of(new TopicFacts(
                    description.partitions().size(),
                    settings(admin, new ConfigResource(ConfigResource.Type.TOPIC, topic))));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Map<String, String> settings(Admin admin, ConfigResource resource)
            throws ExecutionException, InterruptedException {
        Config config = Objects.requireNonNull(
                admin.describeConfigs(List.of(resource)).all().get().get(resource), resource.name());
        Map<String, String> settings = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            if (!entry.isSensitive() && entry.value() != null) {
                settings.put(entry.name(), entry.value());
            }
        }
        return settings;
    }

    private static int replication(Admin admin, Collection<Node> brokers)
            throws ExecutionException, InterruptedException {
        for (Node broker : brokers) {
            String value = settings(admin, new ConfigResource(ConfigResource.Type.BROKER, broker.idString()))
                    .getOrDefault("default.replication.factor", "1");
            return Integer.parseInt(value);
        }
        return 1;
    }

    private static Optional<Long> freeBytes(Admin admin, Collection<Node> brokers)
            throws ExecutionException, InterruptedException {
        List<Integer> ids = brokers.stream().map(Node::id).toList();
        List<OptionalLong> free = admin.describeLogDirs(ids).allDescriptions().get().values().stream()
                .flatMap(directories -> directories.values().stream())
                .map(LogDirDescription::usableBytes)
                .toList();
        return free.stream()
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .min(Long::compare);
    }

    private static Optional<ConnectFacts> connect(Cluster cluster) {
        ConnectClient client = new ConnectClient(cluster.where().connectUrl(), PATIENCE);
        try {
            Map<String, String> plugins = client.plugins();
            Map<String, List<String>> refusals = new TreeMap<>();
            cluster.connectors().forEach((name, config) -> {
                if (plugins.containsKey(config.getOrDefault("connector.class", ""))) {
                    refusals.put(name, client.refusals(name, config));
                }
            });
            return Optional.of(new ConnectFacts(client.version(), plugins, refusals));
        } catch (ConnectFailure e) {
            return Optional.empty();
        }
    }
}
