package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.connect.ConnectClient;
import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.wire.ChangeConverter;
import io.changeover.wire.RecordJson;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.replication.LogSequenceNumber;

/** A sink in a worker, and what can happen to its topic and its offsets meanwhile. A transaction is a record. */
@Timeout(180)
@ExtendWith(StackExtension.class)
class SinkTopicTest {

    private Databases databases;
    private SharedStack stack;
    private ConnectClient connect;
    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;
    private String name;

    @BeforeEach
    void startSink(SharedStack shared, Databases created) throws Exception {
        databases = created;
        stack = shared;
        name = "sink-" + databases.name();
        connect = new ConnectClient(stack.connectUri().toString());
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers()));
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        databases.onTarget("create table public.t (id int)");
        createTopic();
        send(new ChangeEvent.Started(lsn(5)));
        transaction(10, 5);
        transaction(20, 10);
        connect.put(name, config());
        awaitRows("10,20");
    }

    @AfterEach
    void stopAll() throws Exception {
        request("DELETE", "", "");
        producer.close();
        admin.close();
    }

    @Test
    void recordsThatWereDeletedBeforeTheyWereAppliedAreNoticed() throws Exception {
        request("PUT", "/stop", "");
        transaction(30, 20);
        transaction(40, 30);
        admin.deleteRecords(Map.of(partition(), RecordsToDelete.beforeOffset(4)))
                .all()
                .get();

        connect.resume(name);

        awaitFailure("CO-2020", "0/1E", "0/14");
        awaitRows("10,20");
    }

    @Test
    void recordsThatWereDeletedAfterTheyWereAppliedAreNotMissed() throws Exception {
        request("PUT", "/stop", "");
        admin.deleteRecords(Map.of(partition(), RecordsToDelete.beforeOffset(3)))
                .all()
                .get();
        transaction(30, 20);

        connect.resume(name);

        awaitRows("10,20,30");
    }

    @Test
    void aTopicThatWasMadeAnewAndHasGrownIsNoticed() throws Exception {
        request("PUT", "/stop", "");
        admin.deleteTopics(List.of(name)).all().get();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !admin.listTopics().names().get().contains(name));
        createTopic();
        send(new ChangeEvent.Started(lsn(50)));
        for (int number = 60; number < 100; number += 10) {
            transaction(number, number - 10);
        }

        connect.resume(name);

        awaitFailure("CO-2020", "0/14");
        awaitRows("10,20");
    }

    @Test
    void offsetsAreSetBackAndNotForward() throws Exception {
        request("PUT", "/stop", "");
        assertThat(offset(4).body()).contains("CO-2024", "never be applied");
        assertThat(offset(4).statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(offset(1).statusCode()).isEqualTo(200);
        assertThat(position()).containsExactly("1");
        assertThat(request("DELETE", "/offsets", "").statusCode()).isEqualTo(200);
        assertThat(position()).containsExactly("0");
        transaction(30, 20);

        connect.resume(name);

        awaitRows("10,20,30");
        await().untilAsserted(() -> assertThat(position()).containsExactly("4"));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(request("GET", "/offsets", "").body()).contains("\"kafka_offset\":4"));
    }

    private List<String> position() throws Exception {
        return databases.askTarget("select topic_offset from changeover.streams");
    }

    private HttpResponse<String> offset(long offset) throws Exception {
        return request(
                "PATCH",
                "/offsets",
                "{\"offsets\":[{\"partition\":{\"kafka_topic\":\"" + name
                        + "\",\"kafka_partition\":0},\"offset\":{\"kafka_offset\":" + offset + "}}]}");
    }

    /** Connect answers 409 while it rebalances, and 400 while the connector has not stopped yet. */
    private HttpResponse<String> request(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(stack.connectUri().resolve("/connectors/" + name + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()),
                        answer ->
                                answer.statusCode() != 409 && !answer.body().contains("must be in the STOPPED state"));
    }

    private void awaitFailure(String... parts) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(connect.status(name).orElseThrow().cause()).contains(parts));
    }

    private void awaitRows(String ids) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                databases.askTarget("select string_agg(id::text, ',' order by id) from public.t"))
                        .containsExactly(ids));
    }

    private Map<String, String> config() {
        ServerSettings target = databases.target(Servers.MIGRATOR);
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", "io.changeover.sink.PostgresSinkConnector");
        config.put("topics", name);
        config.put("value.converter", ChangeConverter.class.getName());
        config.put("consumer.override.auto.offset.reset", "earliest");
        config.put("connection.host", target.host());
        config.put("connection.port", String.valueOf(target.port()));
        config.put("connection.database", target.database());
        config.put("connection.user", target.user());
        config.put("connection.password", target.password());
        config.put("connection.ssl.mode", "disable");
        return config;
    }

    private void createTopic() throws Exception {
        admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
    }

    private void transaction(long number, long after) throws Exception {
        send(
                new ChangeEvent.Begin(number, lsn(after)),
                new ChangeEvent.Insert(new TableName("public", "t"), Tuple.of(Map.of("id", String.valueOf(number)))),
                new ChangeEvent.End(number, lsn(number), 0, 1));
    }

    private void send(ChangeEvent... events) throws Exception {
        producer.send(new ProducerRecord<>(name, RecordJson.write(List.of(events))))
                .get();
    }

    private TopicPartition partition() {
        return new TopicPartition(name, 0);
    }

    private static LogSequenceNumber lsn(long number) {
        return LogSequenceNumber.valueOf(number);
    }
}
