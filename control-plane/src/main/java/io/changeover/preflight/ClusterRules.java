package io.changeover.preflight;

import io.changeover.contract.Version;
import io.changeover.preflight.ClusterFacts.ConnectFacts;
import io.changeover.preflight.ClusterFacts.KafkaFacts;
import io.changeover.preflight.PreflightRequest.Cluster;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Checks of Kafka and Kafka Connect. */
final class ClusterRules {

    /** Older clients write records to wrong topics after a topic was made again. */
    private static final String OLDEST_CONNECT = "4.2";

    /** A broker with less than this is about to stop. */
    private static final long LEAST_DISK = 10L << 30;

    private static final Pattern MAJOR_MINOR = Pattern.compile("([0-9]+)\\.([0-9]+).*");

    private ClusterRules() {}

    static Stream<Finding> check(ClusterFacts facts, Cluster cluster) {
        String kafka = "Kafka at " + cluster.where().kafka().bootstrapServers();
        String connect = "Kafka Connect at " + cluster.where().connectUrl();
        return Stream.of(
                        facts.kafka()
                                .map(found -> kafka(kafka, found, cluster))
                                .orElseGet(() -> Stream.of(FindingCode.KAFKA_UNREACHABLE.on(
                                        kafka,
                                        facts.kafkaTrouble(),
                                        "check kafka.bootstrapServers, that the brokers run and can be reached from here,"
                                                + " and what --kafka-config says"))),
                        facts.connect()
                                .map(found -> connect(connect, found, cluster))
                                .orElseGet(() -> Stream.of(FindingCode.CONNECT_UNREACHABLE.on(
                                        connect,
                                        "Kafka Connect does not answer.",
                                        "check connect.url, and that the workers run and can be reached from here"))))
                .flatMap(found -> found);
    }

    private static Stream<Finding> kafka(String object, KafkaFacts facts, Cluster cluster) {
        return Stream.of(
                        facts.topics().entrySet().stream()
                                .flatMap(topic -> ChangeTopicRules.check(
                                        topic.getKey(),
                                        topic.getValue(),
                                        cluster.changeTopics().getOrDefault(topic.getKey(), 0L))),
                        Rule.when(
                                facts.brokers() > 1 && facts.replication() < 2,
                                FindingCode.TOPICS_NOT_REPLICATED,
                                object,
                                "The cluster has " + facts.brokers()
                                        + " brokers and keeps one copy of a topic unless it"
                                        + " is told otherwise: with a broker's disk, changes that the source has"
                                        + " forgotten are lost.",
                                "set default.replication.factor=3 and min.insync.replicas=2 on the brokers"),
                        facts.freeBytes().stream()
                                .filter(free -> free < LEAST_DISK)
                                .map(free -> FindingCode.BROKER_DISK_SMALL.on(
                                        object,
                                        "A broker has " + Phrases.size(free) + " of free disk. The change topic keeps"
                                                + " every change until the migration is finished.",
                                        "give the brokers more disk than the source writes WAL in that time")))
                .flatMap(found -> found);
    }

    private static Stream<Finding> connect(String object, ConnectFacts facts, Cluster cluster) {
        List<String> wanted = cluster.connectors().values().stream()
                .map(config -> config.getOrDefault("connector.class", ""))
                .distinct()
                .sorted()
                .toList();
        return Stream.of(
                        Rule.when(
                                isOlder(facts.version(), OLDEST_CONNECT),
                                FindingCode.CONNECT_TOO_OLD,
                                object,
                                "The workers are of version " + facts.version() + ".",
                                "run them with Kafka " + OLDEST_CONNECT + " or later"),
                        wanted.stream()
                                .filter(plugin -> !facts.plugins().containsKey(plugin))
                                .map(plugin -> FindingCode.PLUGIN_MISSING.on(
                                        object,
                                        "There is no plugin " + plugin + ".",
                                        "put Changeover's plugin directory into the plugin.path of every worker and"
                                                + " restart them")),
                        wanted.stream()
                                .filter(facts.plugins()::containsKey)
                                .filter(plugin -> !Version.current()
                                        .equals(facts.plugins().get(plugin)))
                                .map(plugin -> FindingCode.PLUGIN_VERSION_DIFFERS.on(
                                        object,
                                        "The plugin " + plugin + " is of version "
                                                + facts.plugins().get(plugin) + ", and this program of "
                                                + Version.current() + ".",
                                        "put the plugin directory of this version on every worker and restart them")),
                        facts.refusals().entrySet().stream().flatMap(connector -> refused(object, connector)))
                .flatMap(found -> found);
    }

    private static Stream<Finding> refused(String object, Map.Entry<String, List<String>> connector) {
        return connector.getValue().stream()
                .map(refusal -> FindingCode.CONNECTOR_REFUSED.on(
                        object + ", connector " + connector.getKey(),
                        "The workers would refuse the connector: " + refusal,
                        "see the message; the workers need connector.client.config.override.policy=All, the providers"
                                + " of config/worker.properties with what the references of the file lead to, and a way"
                                + " to both servers"));
    }

    private static boolean isOlder(String version, String oldest) {
        Matcher found = MAJOR_MINOR.matcher(version);
        Matcher least = MAJOR_MINOR.matcher(oldest);
        return found.matches() && least.matches() && number(found) < number(least);
    }

    private static int number(Matcher version) {
        return Integer.parseInt(version.group(1)) * 1000 + Integer.parseInt(version.group(2));
    }
}
