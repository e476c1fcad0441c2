package io.changeover.connect;

import io.changeover.migration.Names;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.MigrationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Looks at change topics that exist before their migration begins, from an earlier start or because a cluster's
 * operators made them: a topic with other settings would lose changes or stop the capture.
 */
final class ChangeTopicCheck {

    private static final String LARGEST = "producer.override.max.request.size";

    private ChangeTopicCheck() {}

    /** What is wrong and what to do, one sentence each. */
    static List<String> problems(Admin admin, MigrationSpec spec) throws ExecutionException, InterruptedException {
        List<String> problems = new ArrayList<>();
        for (DatabasePair pair : spec.databases()) {
            String topic = new Names(spec.name(), pair.source()).changeTopic();
            Optional<TopicDescription> description = describe(admin, topic);
            if (description.isPresent()) {
                long largest = Long.parseLong(new ConnectorTemplates(spec, pair)
                        .capture(Optional.empty())
                        .getOrDefault(LARGEST, "1048576"));
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
                Config config = Objects.requireNonNull(
                        admin.describeConfigs(List.of(resource)).all().get().get(resource), topic);
                problems.addAll(problems(topic, description.get().partitions().size(), settings(config), largest));
            }
        }
        return problems;
    }

    private static Optional<TopicDescription> describe(Admin admin, String topic)
            throws ExecutionException, InterruptedException {
        try {
            return Optional.ofNullable(
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Map<String, String> settings(Config config) {
        return Map.of(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value(),
                TopicConfig.CLEANUP_POLICY_CONFIG,
                        config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value(),
                TopicConfig.RETENTION_MS_CONFIG,
                        config.get(TopicConfig.RETENTION_MS_CONFIG).value(),
                TopicConfig.RETENTION_BYTES_CONFIG,
                        config.get(TopicConfig.RETENTION_BYTES_CONFIG).value());
    }

    /**
     * What is wrong with one topic.
     *
     * @param largest the largest record that the capture may write, in bytes
     */
    static List<String> problems(String topic, int partitions, Map<String, String> settings, long largest) {
        List<String> problems = new ArrayList<>();
        if (partitions != 1) {
            problems.add("The change topic " + topic + " has " + partitions + " partitions, and its order is that of"
                    + " the transactions: delete it, or make it again with one");
        }
        require(topic, settings, TopicConfig.CLEANUP_POLICY_CONFIG, "delete", problems);
        require(topic, settings, TopicConfig.RETENTION_MS_CONFIG, "-1", problems);
        require(topic, settings, TopicConfig.RETENTION_BYTES_CONFIG, "-1", problems);
        if (Long.parseLong(settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)) < largest) {
            problems.add("The change topic " + topic + " takes records of "
                    + settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG) + " bytes, and the capture may write "
                    + largest
                    + ": " + fix(topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(largest)));
        }
        return problems;
    }

    private static void require(
            String topic, Map<String, String> settings, String key, String wanted, List<String> problems) {
        if (!wanted.equals(settings.get(key))) {
            problems.add("The change topic " + topic + " has " + key + "=" + settings.get(key)
                    + ", with which changes are lost before the target has them: " + fix(topic, key, wanted));
        }
    }

    private static String fix(String topic, String key, String value) {
        return "kafka-configs.sh --alter --topic " + topic + " --add-config " + key + "=" + value;
    }
}
