package io.changeover.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.Version;
import io.changeover.e2e.Databases;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.kafka.KafkaCluster;
import io.changeover.migration.Names;
import io.changeover.postgres.local.FreePort;
import io.changeover.preflight.ClusterFacts.ConnectFacts;
import io.changeover.preflight.ClusterFacts.KafkaFacts;
import io.changeover.preflight.FixCommand.Kind;
import io.changeover.preflight.PreflightRequest.Cluster;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.SchemaMode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked of a real broker and a real worker, and what is made of the answers. */
@Timeout(180)
@ExtendWith(StackExtension.class)
class ClusterChecksTest {

    private static final String SIZE = "max.message.bytes";
    private static final String PLUGIN = "io.changeover.sink.PostgresSinkConnector";

    private static final Cluster SOMEWHERE = new Cluster(
            KafkaCluster.plain("b:9092", "http://c:8083"),
            Map.of("m.sink", Map.of("connector.class", PLUGIN)),
            Map.of());

    @Test
    void aClusterThatIsAsItShouldBeGivesNoFinding(SharedStack stack, Databases databases) {
        assertThat(check(cluster(stack, databases))).isEmpty();
    }

    @Test
    void topicThatTakesLessThanTheCaptureWritesIsFoundUntilItsFixWasRun(SharedStack stack, Databases databases)
            throws Exception {
        Cluster cluster = cluster(stack, databases);
        Map<String, String> capture = cluster.connectors().values().iterator().next();
        String wanted = capture.get("producer.override.max.request.size");
        String name = new Names(databases.migration(), databases.name()).changeTopic();
        Map<String, String> settings = new HashMap<>(topicSettings(capture));
        settings.put(SIZE, String.valueOf(Integer.parseInt(wanted) - 1));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(settings)))
                    .all()
                    .get();

            assertThat(check(cluster)).singleElement().satisfies(finding -> {
                assertThat(finding.code()).isEqualTo("CO-1504");
                assertThat(finding.object()).isEqualTo("topic " + name);
                assertThat(finding.message()).contains(settings.get(SIZE) + " bytes");
                assertThat(finding.commands()).singleElement().satisfies(command -> {
                    assertThat(command.kind()).isEqualTo(Kind.SHELL);
                    assertThat(command.line()).endsWith("--add-config " + SIZE + "=" + wanted);
                });
            });

            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, name),
                            List.of(new AlterConfigOp(new ConfigEntry(SIZE, wanted), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            assertThat(check(cluster)).isEmpty();
        }
    }

    @Test
    void aConnectorThatTheWorkersWouldRefuseIsFound(SharedStack stack, Databases databases) {
        Cluster cluster = cluster(stack, databases);
        Map<String, Map<String, String>> connectors = new LinkedHashMap<>(cluster.connectors());
        String sink = new Names(databases.migration(), databases.name()).sink();
        Map<String, String> refused = new HashMap<>(connectors.get(sink));
        refused.put("batch.sise", "1");
        connectors.put(sink, refused);
        connectors.put("none", Map.of("connector.class", "no.such.Plugin"));

        List<Finding> found = check(new Cluster(cluster.where(), connectors, Map.of()));

        assertThat(found).extracting(Finding::code).containsExactly("CO-1503", "CO-1507");
        assertThat(found.get(0).message()).contains("no.such.Plugin");
        assertThat(found.get(1).object()).endsWith("connector " + sink);
        assertThat(found.get(1).message()).contains("batch.sise");
    }

    @Test
    void aWorkerThatCannotFindThePasswordIsFound(SharedStack stack, Databases databases) {
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY);
        MigrationSpec astray = spec.withServers(
                spec.source().withPassword("${file:/no/such/file.properties:password}"), spec.target());
        Cluster cluster = PreflightRequest.cluster(where(stack), astray, astray.databases());

        assertThat(check(cluster)).extracting(Finding::code).contains("CO-1507");
    }

    @Test
    void nobodyAnswering() {
        String gone = "127.0.0.1:" + FreePort.any();
        Cluster cluster = new Cluster(KafkaCluster.plain(gone, "http://" + gone), Map.of(), Map.of());

        assertThat(check(cluster)).extracting(Finding::code).containsExactly("CO-1501", "CO-1502");
    }

    @Test
    void oneCopyOfATopicIsTooFewWhereThereAreMoreBrokers() {
        assertThat(kafka(new KafkaFacts(3, 1, Optional.empty(), Map.of()))).containsExactly("CO-1508");
        assertThat(kafka(new KafkaFacts(1, 1, Optional.empty(), Map.of()))).isEmpty();
        assertThat(kafka(new KafkaFacts(3, 3, Optional.empty(), Map.of()))).isEmpty();
    }

    @Test
    void aBrokerWithoutDiskIsWarnedOf() {
        assertThat(kafka(new KafkaFacts(1, 1, Optional.of((10L << 30) - 1), Map.of())))
                .containsExactly("CO-1509");
        assertThat(kafka(new KafkaFacts(1, 1, Optional.of(10L << 30), Map.of())))
                .isEmpty();
    }

    @Test
    void workersAndPluginsHaveToBeNewEnough() {
        assertThat(connect("4.1.2", Version.current())).containsExactly("CO-1506");
        assertThat(connect("4.2.0", Version.current())).isEmpty();
        assertThat(connect("10.0.0-SNAPSHOT", Version.current())).isEmpty();
        assertThat(connect("4.3.1", "0.0.1")).containsExactly("CO-1505");
    }

    private static List<String> kafka(KafkaFacts facts) {
        return ClusterRules.check(
                        new ClusterFacts(
                                Optional.of(facts),
                                Optional.of(new ConnectFacts("4.3.1", Map.of(PLUGIN, Version.current()), Map.of()))),
                        SOMEWHERE)
                .map(Finding::code)
                .toList();
    }

    private static List<String> connect(String version, String plugin) {
        return ClusterRules.check(
                        new ClusterFacts(
                                Optional.of(new KafkaFacts(1, 1, Optional.empty(), Map.of())),
                                Optional.of(new ConnectFacts(version, Map.of(PLUGIN, plugin), Map.of()))),
                        SOMEWHERE)
                .map(Finding::code)
                .toList();
    }

    private static List<Finding> check(Cluster cluster) {
        return ClusterRules.check(ClusterFactsReader.read(cluster), cluster)
                .filter(finding -> !finding.code().equals("CO-1509")) // says what this machine's disk is like
                .toList();
    }

    private static Cluster cluster(SharedStack stack, Databases databases) {
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY);
        return PreflightRequest.cluster(where(stack), spec, spec.databases());
    }

    private static KafkaCluster where(SharedStack stack) {
        return KafkaCluster.plain(
                stack.bootstrapServers(), stack.connectUri().toString().replaceAll("/+$", ""));
    }

    /** What the capture would make the topic with. */
    private static Map<String, String> topicSettings(Map<String, String> capture) {
        String prefix = "topic.creation.default.";
        Map<String, String> settings = new HashMap<>();
        capture.forEach((key, value) -> {
            if (key.startsWith(prefix) && !key.endsWith(".partitions") && !key.endsWith(".replication.factor")) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
        return settings;
    }
}
