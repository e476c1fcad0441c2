package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.access.Caller;
import io.changeover.access.NewToken;
import io.changeover.access.Permissions;
import io.changeover.access.Role;
import io.changeover.access.Route;
import io.changeover.api.Json;
import io.changeover.postgres.ServerSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A migration with passwords and a token that occur nowhere else: afterwards they are searched wherever somebody could
 * see them.
 */
@Timeout(240)
@ExtendWith(StackExtension.class)
class SecretsStayTest {

    /** With characters that a URL or a file of properties would encode. */
    private static final String SOURCE = "canary-src-9f3b/+&= 7d";

    private static final String TARGET = "canary-dst-41c8?@:%5e";

    private static final String VALUE = "canary-row-5b2e";

    /** Fewer than a migration has on its way to READY_TO_CUTOVER. */
    private static final int EVENTS = 8;

    @TempDir
    Path directory;

    private final NewToken token = NewToken.of(new Caller("canary", Role.APPROVER));
    private final Canaries secrets = Canaries.of(SOURCE, TARGET, token.token());
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void passwordsAndTokensAreNowhereToBeSeen(Servers servers) throws Exception {
        Databases databases = servers.createFor("canary", SOURCE, TARGET);
        databases.onSource(
                "create table public.t (id int primary key, v text)", "insert into public.t values (1, 'a')");
        Path tokens = Files.createFile(
                directory.resolve("tokens"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(tokens, token.line().text());

        try (MigrateProcess process = MigrateProcess.start(
                        directory,
                        yaml(databases),
                        Map.of("CANARY", TARGET),
                        List.of("-Xmx768m"),
                        List.of("--cutover", "manual", "--tokens", tokens.toString()));
                ProcessLook look = new ProcessLook(process, secrets)) {
            Api api = new Api(process.api().uri(), Optional.of(token.token()));
            api.awaitState(databases, "READY_TO_CUTOVER");
            databases.onSource("insert into public.t values (2, '" + VALUE + "')");
            await("the row on the target")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> databases
                            .askTarget("select v from public.t where id = 2")
                            .equals(List.of(VALUE)));

            assertThat(api.post("/migrations/" + databases.migration() + "/preflight", "")
                            .status())
                    .isEqualTo(200);
            assertAnswersAreClean(api, databases);
            assertConnectIsClean(
                    URI.create(api.get("").body().path("connect").path("url").asText()));
            assertTopicsAreClean();
            assertThat(api.cutover(databases).status()).isEqualTo(202);
            process.assertExit(0);
            secrets.assertAbsent("what the command prints", process.output());
            Canaries.of(VALUE).assertAbsent("what the command prints", process.output());
            assertThat(look.found()).isEmpty();
            assertThat(look.seen()).contains("java", "pg_dump");
        }
        assertFilesAreClean();
    }

    /** One password in the file itself, the other one in a variable. */
    private static String yaml(Databases databases) {
        ServerSettings source = databases.source(Servers.MIGRATOR);
        ServerSettings target = databases.target(Servers.MIGRATOR);
        return """
                apiVersion: changeover.io/v1alpha1
                kind: Migration
                metadata: {name: %s}
                spec:
                  source: {host: %s, port: %d, user: %s, password: "%s"}
                  target: {host: %s, port: %d, user: %s, password: "${env:CANARY}"}
                  databases: [{source: %s}]
                """.formatted(
                        databases.migration(),
                        source.host(),
                        source.port(),
                        source.user(),
                        SOURCE,
                        target.host(),
                        target.port(),
                        target.user(),
                        databases.name());
    }

    /** Every route that reads. */
    private void assertAnswersAreClean(Api api, Databases databases) throws Exception {
        int answers = 0;
        List<String> ids = assertEventsAreClean(api);
        assertOperationsAreClean(api, ids);
        for (Route route : Permissions.all().keySet()) {
            boolean apart =
                    route.template().endsWith("/events") || route.template().contains("/operations/");
            if (route.method().equals("GET") && !apart) {
                String path = route.template()
                        .replaceFirst("\\{}", databases.migration())
                        .replaceFirst("\\{}", databases.name());
                HttpResponse<String> answer = send(api.uri().resolve(path));
                if (!path.contains("{}")) {
                    assertThat(answer.statusCode()).as(path).isEqualTo(200);
                }
                assertCleanAnswer(path, answer.body());
                answers++;
            }
        }
        assertThat(answers).isPositive();
    }

    /** From the first one on; the stream has no end. The ids of those that have one. */
    private List<String> assertEventsAreClean(Api api) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(api.uri().resolve("/api/v1/events"))
                .header("Authorization", "Bearer " + token.token())
                .header("Last-Event-ID", "0")
                .build();
        List<String> ids = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                http.send(request, BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8))) {
            while (ids.size() < EVENTS) {
                String line = lines.readLine();
                text.append(line).append('\n');
                if (line.startsWith("id:")) {
                    ids.add(line.substring("id:".length()).strip());
                }
            }
        }
        assertCleanAnswer("the events", text.toString());
        return ids;
    }

    /** One of the changes was a request of a person. */
    private void assertOperationsAreClean(Api api, List<String> ids) throws Exception {
        int found = 0;
        for (String id : ids) {
            HttpResponse<String> answer = send(api.uri().resolve("/api/v1/operations/" + id));
            assertCleanAnswer("operation " + id, answer.body());
            found += answer.statusCode() == 200 ? 1 : 0;
        }
        assertThat(found).isPositive();
    }

    private void assertConnectIsClean(URI connect) throws Exception {
        HttpResponse<String> all = send(connect.resolve("/connectors?expand=info&expand=status"));
        JsonNode connectors = Json.mapper().readTree(all.body());
        assertThat(connectors.size()).isEqualTo(3);
        assertThat(all.body()).contains("${env:CANARY}");
        assertCleanAnswer("Connect's list", all.body());
        List<String> names = new ArrayList<>();
        connectors.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            for (String what : List.of("config", "tasks", "status", "offsets", "topics")) {
                String path = "/connectors/" + name + "/" + what;
                HttpResponse<String> answer = send(connect.resolve(path));
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertCleanAnswer(path, answer.body());
            }
        }
    }

    private void assertCleanAnswer(String where, String body) {
        secrets.assertAbsent(where, body);
        Canaries.of(VALUE).assertAbsent(where, body);
    }

    private HttpResponse<String> send(URI uri) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + token.token())
                        .build(),
                BodyHandlers.ofString());
    }

    /** Keys, values and headers of every record of every topic. */
    private void assertTopicsAreClean() throws IOException {
        int found = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + port("broker"), "isolation.level", "read_uncommitted"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    String text = text(record);
                    secrets.assertAbsent("topic " + record.topic(), text);
                    found += text.contains(VALUE) ? 1 : 0;
                }
            }
        }
        assertThat(found)
                .as("records with the row, which is how we know that they were read")
                .isPositive();
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder text = new StringBuilder();
        Stream.concat(
                        Stream.of(Optional.ofNullable(record.key()), Optional.ofNullable(record.value())),
                        Stream.of(record.headers().toArray()).map(header -> Optional.ofNullable(header.value())))
                .flatMap(Optional::stream)
                .forEach(bytes -> text.append(new String(bytes, StandardCharsets.ISO_8859_1)));
        return text.toString();
    }

    private String port(String name) throws IOException {
        Properties ports = new Properties();
        try (InputStream in = Files.newInputStream(directory.resolve("work/kafka/ports.properties"))) {
            ports.load(in);
        }
        return ports.getProperty(name);
    }

    /** The log is among them. */
    private void assertFilesAreClean() throws IOException {
        Path passwords = directory.resolve("work/passwords.properties");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords)))
                .isEqualTo("rw-------");
        Files.delete(passwords);
        Path log = directory.resolve("work/changeover.log");
        assertThat(log).isNotEmptyFile();
        Canaries.of(VALUE).assertAbsent("the log", Files.readAllBytes(log));
        Canaries.of(VALUE).assertAbsent("the report", Files.readAllBytes(directory.resolve("report.json")));
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(each -> !each.endsWith("migration.yaml"))
                    .toList()) {
                secrets.assertAbsent(file.toString(), Files.readAllBytes(file));
            }
        }
    }
}
