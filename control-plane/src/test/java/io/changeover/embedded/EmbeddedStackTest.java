package io.changeover.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.changeover.postgres.local.FreePort;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The broker and the worker together, as the demo and the end-to-end tests use them. */
@Timeout(180)
class EmbeddedStackTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void topicsAndAddressesAreThereAfterAnOrderlyStop() throws Exception {
        String address;
        URI connect;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            address = kafka.bootstrapServers();
            connect = kafka.connectUri();
            produce(address, "changes", "first");
            assertThat(get(connect)).contains("\"version\":\"4.3.1\"");
            assertThat(get(connect.resolve("connectors"))).isEqualTo("[]");
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            assertThat(kafka.connectUri()).isEqualTo(connect);
            assertThat(consume(address, "changes")).containsExactly("first");
        }
    }

    @Test
    void theWorkerFindsPluginsOnTheClassPath() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            assertThat(get(kafka.connectUri().resolve("connector-plugins?connectorsOnly=false")))
                    .contains("io.debezium.connector.postgresql.PostgresConnector")
                    .contains("org.apache.kafka.connect.json.JsonConverter");
        }
    }

    @Test
    void closeIsQuickAndEndsEveryThreadThatWouldKeepTheJvmAlive() throws Exception {
        Set<Thread> before = threads();
        EmbeddedKafka kafka = EmbeddedKafka.start(directory);
        int port = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);
        get(kafka.connectUri()); // leaves an open connection, for which Connect would wait a minute
        Instant start = Instant.now();

        kafka.close();

        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(newThreads(before)).isEmpty());
        assertThat(FreePort.isFree(port)).isTrue();
        assertThat(FreePort.isFree(kafka.connectUri().getPort())).isTrue();
    }

    @Test
    void aSecondStackOnTheSameDirectoryIsRefused() {
        try (EmbeddedKafka first = EmbeddedKafka.start(directory)) {
            assertThatThrownBy(() -> EmbeddedKafka.start(directory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Another process works in " + directory);
            assertThat(first.bootstrapServers()).startsWith("127.0.0.1:");
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesKill9() throws Exception {
        Process jvm = process();
        String address = firstLine(jvm);
        produce(address, "changes", "acknowledged");

        jvm.destroyForcibly().waitFor();

        Instant start = Instant.now();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(30));
            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            assertThat(consume(address, "changes")).containsExactly("acknowledged");
        }
    }

    @Test
    void aProcessEndsSoonAfterSigterm() throws Exception {
        Process jvm = process();
        String address = firstLine(jvm);

        jvm.destroy();

        assertThat(jvm.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(FreePort.isFree(Integer.parseInt(address.split(":")[1]))).isTrue();
    }

    private Process process() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedKafkaProcess.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The tests' log goes to stdout as well; the address is the line that looks like one. */
    private static String firstLine(Process jvm) throws Exception {
        BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (!line.startsWith("127.0.0.1:")) {
            line = output.readLine();
        }
        return line;
    }

    /** Without those by which an HTTP server of another test in this JVM grows; the name of its pool is its own. */
    private static Set<Thread> newThreads(Set<Thread> before) {
        Set<String> others = before.stream().map(EmbeddedStackTest::httpPool).collect(Collectors.toSet());
        Set<Thread> now = threads();
        now.removeAll(before);
        now.removeIf(thread -> thread.getName().startsWith("qtp") && others.contains(httpPool(thread)));
        return now;
    }

    private static String httpPool(Thread thread) {
        return thread.getName().replaceFirst("-\\d+$", "");
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon() && thread.isAlive())
                .filter(thread -> !thread.getName().startsWith("awaitility"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static void produce(String address, String topic, String value) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static List<String> consume(String address, String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", address, "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            return await().until(
                            () -> {
                                List<String> values = new ArrayList<>();
                                consumer.poll(Duration.ofSeconds(1)).forEach(consumed -> values.add(consumed.value()));
                                return values;
                            },
                            values -> !values.isEmpty());
        }
    }

    private static String get(URI uri) throws Exception {
        HttpResponse<String> response =
                HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
