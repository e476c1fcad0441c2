package io.changeover.plan;

import io.changeover.migration.Names;
import io.changeover.plan.PlannedThing.Kind;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadMode;
import io.changeover.spec.MigrationSpec;
import io.changeover.store.MigrationStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a migration makes in Kafka, in Kafka Connect and on the machine of the control plane. */
final class ClusterThings {

    private static final String TOPIC_PREFIX = "topic.creation.default.";
    private static final String FINISH = "changeover finish, or cancel";
    private static final String CREATE_TOPIC = "CREATE and DESCRIBE_CONFIGS on the topic, where the brokers have ACLs";

    private ClusterThings() {}

    /** What all migrations of a control plane share. */
    static List<PlannedThing> shared(MigrationSpec spec) {
        return List.of(
                new PlannedThing(
                        Kind.DIRECTORY,
                        "~/.changeover/" + spec.name() + ", or --work-dir",
                        "the control plane's machine",
                        spec.cluster().isPresent()
                                ? List.of("log", "definitions")
                                : List.of("log", "definitions", "Kafka's data", "passwords of the file, if any"),
                        Map.of(),
                        "a directory of the user, for nobody else",
                        "you, after changeover finish"),
                topic(
                        spec,
                        MigrationStore.TOPIC,
                        Map.of("partitions", "1", "cleanup.policy", "compact"),
                        "you, after the last migration"),
                topic(
                        spec,
                        MigrationStore.VERIFICATION,
                        Map.of("partitions", "1", "cleanup.policy", "compact"),
                        "you, after the last migration"),
                topic(
                        spec,
                        MigrationStore.AUDIT,
                        Map.of(
                                "partitions", "1",
                                "cleanup.policy", "delete",
                                "retention.ms", "-1",
                                "retention.bytes", "-1"),
                        "you, after the last migration"));
    }

    /** What belongs to one pair. */
    static List<PlannedThing> of(MigrationSpec spec, DatabasePair pair, Map<String, Map<String, String>> connectors) {
        Names names = new Names(spec.name(), pair.source());
        boolean throughTopic = spec.load().mode() == LoadMode.TOPIC;
        List<PlannedThing> things = new ArrayList<>();
        things.add(topic(spec, names.changeTopic(), settings(connectors, names.capture()), FINISH));
        // only what the connector says of all its topics
        things.add(topic(spec, names.progressTopic(), settings(connectors, names.load()), FINISH));
        if (throughTopic) {
            things.add(topic(spec, names.loadTopic(), settings(connectors, names.load()), FINISH));
        }
        connectors.keySet().forEach(connector -> things.add(connector(spec, connector)));
        things.add(group(spec, names.sink()));
        if (throughTopic) {
            things.add(group(spec, names.loadSink()));
        }
        return things;
    }

    /** What belongs to the way back of one pair. */
    static List<PlannedThing> ofWayBack(
            MigrationSpec spec, DatabasePair pair, Map<String, Map<String, String>> connectors) {
        Names names = new Names(spec.name(), pair.source()).back();
        List<PlannedThing> things = new ArrayList<>();
        things.add(topic(spec, names.changeTopic(), settings(connectors, names.capture()), FINISH));
        connectors.keySet().forEach(connector -> things.add(connector(spec, connector)));
        things.add(group(spec, names.sink()));
        return things;
    }

    private static Map<String, String> settings(Map<String, Map<String, String>> connectors, String name) {
        Map<String, String> settings = new TreeMap<>();
        connectors.getOrDefault(name, Map.of()).forEach((key, value) -> {
            if (key.startsWith(TOPIC_PREFIX)) {
                settings.put(key.substring(TOPIC_PREFIX.length()), value);
            }
        });
        return settings;
    }

    private static PlannedThing topic(MigrationSpec spec, String name, Map<String, String> settings, String removedBy) {
        return new PlannedThing(Kind.TOPIC, name, kafka(spec), List.of(), settings, CREATE_TOPIC, removedBy);
    }

    private static PlannedThing connector(MigrationSpec spec, String name) {
        return new PlannedThing(
                Kind.CONNECTOR,
                name,
                spec.cluster()
                        .map(cluster -> "Kafka Connect at " + cluster.connectUrl())
                        .orElse("Kafka Connect in Changeover's process"),
                List.of(),
                Map.of(),
                "to change connectors by Connect's REST API; override policy All on the workers",
                "clean-up after the comparison, or cancel");
    }

    private static PlannedThing group(MigrationSpec spec, String connector) {
        return new PlannedThing(
                Kind.CONSUMER_GROUP,
                "connect-" + connector,
                kafka(spec),
                List.of(),
                Map.of(),
                "READ on the group, where the brokers have ACLs",
                FINISH);
    }

    private static String kafka(MigrationSpec spec) {
        return spec.cluster()
                .map(cluster -> "Kafka at " + cluster.bootstrapServers())
                .orElse("Kafka in Changeover's process");
    }
}
