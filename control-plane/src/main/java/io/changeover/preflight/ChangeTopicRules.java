package io.changeover.preflight;

import io.changeover.preflight.ClusterFacts.TopicFacts;
import io.changeover.preflight.FixCommand.Kind;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Checks of change topics that exist before their migration begins, from an earlier start or because a cluster's
 * operators made them: a topic with other settings would lose changes or stop the capture.
 */
final class ChangeTopicRules {

    private ChangeTopicRules() {}

    /**
     * What is wrong with one topic.
     *
     * @param largest the largest record that the capture may write, in bytes
     */
    static Stream<Finding> check(String topic, TopicFacts facts, long largest) {
        Map<String, String> settings = facts.settings();
        long takes = Long.parseLong(settings.getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "0"));
        return Stream.of(
                        Rule.when(
                                facts.partitions() != 1,
                                FindingCode.TOPIC_UNFIT,
                                object(topic),
                                "The change topic has " + facts.partitions() + " partitions, and its order is that of"
                                        + " the transactions.",
                                "delete it, or make it again with one partition"),
                        require(topic, settings, TopicConfig.CLEANUP_POLICY_CONFIG, "delete"),
                        require(topic, settings, TopicConfig.RETENTION_MS_CONFIG, "-1"),
                        require(topic, settings, TopicConfig.RETENTION_BYTES_CONFIG, "-1"),
                        Rule.when(
                                takes < largest,
                                FindingCode.TOPIC_UNFIT,
                                object(topic),
                                "The change topic takes records of " + takes + " bytes, and the capture may write "
                                        + largest + ".",
                                fix(topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(largest))))
                .flatMap(found -> found);
    }

    private static Stream<Finding> require(String topic, Map<String, String> settings, String key, String wanted) {
        return Rule.when(
                !wanted.equals(settings.get(key)),
                FindingCode.TOPIC_UNFIT,
                object(topic),
                "The change topic has " + key + "=" + settings.get(key)
                        + ", with which changes are lost before the target has them.",
                fix(topic, key, wanted));
    }

    private static String object(String topic) {
        return "topic " + topic;
    }

    private static Fix fix(String topic, String key, String value) {
        String command = "kafka-configs.sh --bootstrap-server <broker> --alter --topic " + topic + " --add-config "
                + key + "=" + value;
        return Fix.command(command, new FixCommand(Kind.SHELL, command));
    }
}
