package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.changeover.access.Access;
import io.changeover.api.ApiServer;
import io.changeover.embedded.SecuredCluster;
import io.changeover.kafka.KafkaClients;
import io.changeover.kafka.KafkaCluster;
import io.changeover.kafka.KafkaSettings;
import io.changeover.postgres.ServerSettings;
import io.changeover.runner.ControlPlane;
import io.changeover.spec.Secrets;
import io.changeover.store.KafkaHealth;
import io.changeover.store.MigrationStore;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker's only listener for clients encrypts and asks for a login, and users have only the rights of
 * docs/deploy.md.
 */
@Timeout(240)
@ExtendWith(StackExtension.class)
class SecuredKafkaTest {

    private static final String USER = "changeover";
    private static final String PASSWORD = "canary-kafka-7c1d+&=5e";
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static SecuredCluster cluster;

    private final Canaries secrets = Canaries.of(PASSWORD);

    @BeforeAll
    static void start() throws Exception {
        cluster = SecuredCluster.start(directory, USER, PASSWORD);
        Files.writeString(directory.resolve("databases.secret"), "password=" + Servers.PASSWORD);
        cluster.allow(
                USER,
                ResourceType.TOPIC,
                "changeover.",
                PatternType.PREFIXED,
                AclOperation.CREATE,
                AclOperation.READ,
                AclOperation.WRITE,
                AclOperation.DELETE,
                AclOperation.DESCRIBE_CONFIGS);
        cluster.allow(
                USER,
                ResourceType.TRANSACTIONAL_ID,
                "changeover-control-plane",
                PatternType.LITERAL,
                AclOperation.WRITE);
        cluster.allow(USER, ResourceType.GROUP, "connect-", PatternType.PREFIXED, AclOperation.DELETE);
        cluster.allow(
                USER,
                ResourceType.CLUSTER,
                "kafka-cluster",
                PatternType.LITERAL,
                AclOperation.DESCRIBE,
                AclOperation.DESCRIBE_CONFIGS);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void migrationGoesFromItsStartToItsFinish(Servers servers, @TempDir Path own) throws Exception {
        Databases databases = servers.create();
        databases.onSource("create table public.t (id int primary key)", "insert into public.t values (1)");
        Path config = config(own, Map.of());
        try (MigrateProcess process = MigrateProcess.start(
                        own,
                        yaml(databases),
                        Map.of(),
                        List.of("-Xmx512m"),
                        List.of("--cutover", "manual", "--kafka-config", config.toString()));
                ProcessLook look = new ProcessLook(process, secrets)) {
            Api api = process.api();
            api.awaitState(databases, "READY_TO_CUTOVER");
            databases.onSource("insert into public.t values (2)");
            await("the row on the target")
                    .atMost(SOON)
                    .until(() ->
                            databases.askTarget("select count(*) from public.t").equals(List.of("2")));
            assertThat(api.get("/health/ready").status()).isEqualTo(200);
            assertThat(api.post("/migrations/" + databases.migration() + "/preflight", "")
                            .body()
                            .toString())
                    .doesNotContain("CO-15")
                    .contains("\"blocks\":false");
            assertAnswersAreClean(api, databases);
            await("a cutover that may begin")
                    .atMost(SOON)
                    .until(() -> api.cutover(databases).status() == 202);
            process.assertExit(0);
            secrets.assertAbsent("what the command prints", process.output());
            assertThat(look.found()).isEmpty();
        }
        assertFilesAreClean(own);
        assertTopicsAreClean();
        assertFinishLeavesNoTopic(databases, config);
    }

    /** The control plane of a service, which goes on with what the command has left. */
    private static void assertFinishLeavesNoTopic(Databases databases, Path config) throws Exception {
        String confirm = "{\"confirm\":\"" + databases.migration() + "/" + databases.name() + "\"}";
        Secrets secrets = new Secrets(Map.of());
        try (ControlPlane controlPlane = ControlPlane.open(
                        new KafkaCluster(
                                new KafkaClients(cluster.bootstrapServers(), KafkaSettings.read(config), secrets),
                                cluster.connectUri().toString()),
                        secrets,
                        config.resolveSibling("databases"),
                        Clock.systemUTC());
                ApiServer server =
                        ApiServer.start(controlPlane, InetSocketAddress.createUnresolved("127.0.0.1", 0), Access.OPEN);
                Admin admin = Admin.create(cluster.administrator())) {
            Api api = new Api(server.uri());
            assertThat(api.post(
                                    "/migrations/" + databases.migration() + "/databases/" + databases.name()
                                            + "/finish",
                                    confirm)
                            .status())
                    .isEqualTo(202);
            await("the end")
                    .atMost(SOON)
                    .until(() -> api.database(databases).path("finished").asBoolean());
            Set<String> left = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith("changeover."))
                    .collect(Collectors.toSet());
            assertThat(left)
                    .containsExactlyInAnyOrder(MigrationStore.TOPIC, MigrationStore.VERIFICATION, MigrationStore.AUDIT);
        }
    }

    @Test
    void wrongPasswordIsToldAtOnceWithItsRemedy(@TempDir Path own) throws Exception {
        Path config = config(own, Map.of());
        Files.writeString(own.resolve("kafka.secret"), "password=another-7d2a");

        assertThatThrownBy(() -> open(config))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("CO-2100")
                .hasMessageContaining("sasl.jaas.config")
                .hasMessageContaining(config.toString())
                .hasMessageNotContaining("another-7d2a");
        try (KafkaHealth health = new KafkaHealth(clients(config), Clock.systemUTC())) {
            assertThat(health.answers()).isFalse();
        }
    }

    @Test
    void certificateThatNobodyKnowsIsTold(@TempDir Path own) throws Exception {
        Path config = config(own, Map.of("ssl.truststore.location", "", "ssl.truststore.type", ""));

        assertThatThrownBy(() -> open(config))
                .hasMessageContaining("CO-2101")
                .hasMessageContaining("ssl.truststore.location");
    }

    @Test
    void userWithoutRightsIsTold(@TempDir Path own) throws Exception {
        Path config = config(own, SecuredCluster.client(directory, SecuredCluster.STRANGER, reference(own)));
        Files.writeString(own.resolve("kafka.secret"), "password=" + SecuredCluster.STRANGER);

        assertThatThrownBy(() -> open(config)).hasMessageContaining("CO-2102").hasMessageContaining("docs/deploy.md");
    }

    /** Kafka closes the connection without a word. */
    @Test
    void clientThatDoesNotEncryptIsToldAfterAWhile() {
        assertThatThrownBy(() -> MigrationStore.open(KafkaClients.plain(cluster.bootstrapServers()), Clock.systemUTC()))
                .hasMessageContaining("CO-2104")
                .hasMessageContaining("security.protocol")
                .hasMessageContaining("--kafka-config");
    }

    private static void open(Path config) {
        MigrationStore.open(clients(config), Clock.systemUTC()).close();
    }

    private static KafkaClients clients(Path config) {
        return new KafkaClients(cluster.bootstrapServers(), KafkaSettings.read(config), new Secrets(Map.of()));
    }

    /** A file as an operator writes it; what is empty in {@code other} is left out. */
    private static Path config(Path own, Map<String, String> other) throws Exception {
        Files.writeString(own.resolve("kafka.secret"), "password=" + PASSWORD);
        Map<String, String> settings = new TreeMap<>(SecuredCluster.client(directory, USER, reference(own)));
        settings.putAll(other);
        settings.values().removeIf(String::isEmpty);
        return Files.writeString(
                own.resolve("kafka.properties"),
                settings.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining("\n")));
    }

    private static String reference(Path own) {
        return "${file:" + own.resolve("kafka.secret") + ":password}";
    }

    private static String yaml(Databases databases) {
        return """
                apiVersion: changeover.io/v1alpha1
                kind: Migration
                metadata: {name: %s}
                spec:
                  source: %s
                  target: %s
                  databases: [{source: %s}]
                  kafka: {bootstrapServers: "%s"}
                  connect: {url: "%s"}
                """.formatted(
                        databases.migration(),
                        server(databases.source(Servers.MIGRATOR)),
                        server(databases.target(Servers.MIGRATOR)),
                        databases.name(),
                        cluster.bootstrapServers(),
                        cluster.connectUri());
    }

    private static String server(ServerSettings server) {
        return "{host: %s, port: %d, user: %s, password: \"${file:%s:password}\"}"
                .formatted(server.host(), server.port(), server.user(), directory.resolve("databases.secret"));
    }

    private void assertAnswersAreClean(Api api, Databases databases) throws Exception {
        String pair = "/migrations/" + databases.migration() + "/databases/" + databases.name();
        for (String path : List.of("", "/migrations", pair, "/migrations/" + databases.migration() + "/audit")) {
            secrets.assertAbsent(path, api.get(path).body().toString());
        }
        secrets.assertAbsent("the metrics", api.text("/metrics"));
        URI connectors = cluster.connectUri().resolve("/connectors?expand=info&expand=status");
        secrets.assertAbsent(
                "Connect's list",
                HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(connectors).build(), BodyHandlers.ofString())
                        .body());
    }

    private void assertFilesAreClean(Path own) throws Exception {
        assertThat(own.resolve("work/changeover.log")).isNotEmptyFile();
        try (Stream<Path> files = Files.walk(own)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(each -> !each.endsWith("kafka.secret"))
                    .toList()) {
                secrets.assertAbsent(file.toString(), Files.readAllBytes(file));
            }
        }
    }

    private void assertTopicsAreClean() throws Exception {
        Map<String, Object> config = new HashMap<>(cluster.administrator());
        int read = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    byte[] value = record.value() == null ? new byte[0] : record.value();
                    secrets.assertAbsent("topic " + record.topic(), new String(value, StandardCharsets.ISO_8859_1));
                    read++;
                }
            }
        }
        assertThat(read).isPositive();
    }
}
