package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.changeover.postgres.ServerSettings;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A worker's answer to {@code PUT /connector-plugins/…/config/validate}. */
@ExtendWith(StackExtension.class)
@Timeout(180)
class SinkValidationTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aSwappedConfigurationIsAcceptedAndShownInGroups(SharedStack stack, Databases databases) throws Exception {
        JsonNode answer = validate(stack, swapped(databases.target(Servers.MIGRATOR)));

        assertThat(answer.path("error_count").asInt()).as(answer.toString()).isZero();
        assertThat(answer.path("groups").toString())
                .contains("\"Topics\"", "\"Connection\"", "\"Batches and memory\"", "\"Failures\"");
        assertThat(config(answer, "connection.host")
                        .path("value")
                        .path("visible")
                        .asBoolean())
                .isFalse();
        assertThat(config(answer, "connection.ssl.mode")
                        .path("value")
                        .path("recommended_values")
                        .toString())
                .contains("verify-full");
        assertThat(answer.toString()).doesNotContain(Servers.PASSWORD);
    }

    @Test
    void everyProblemIsAtItsKey(SharedStack stack, Databases databases) throws Exception {
        Map<String, String> config = swapped(databases.target(Servers.MIGRATOR));
        config.put("batch.sise", "1");
        config.put("auto.create", "true");
        config.put("connection.url", config.get("connection.url") + "&loggerFile=/tmp/x");

        JsonNode answer = validate(stack, config);

        assertThat(answer.path("error_count").asInt()).isEqualTo(3);
        assertThat(errors(answer, "batch.sise")).contains("unknown");
        assertThat(errors(answer, "auto.create")).contains("can only be false");
        assertThat(errors(answer, "connection.url")).contains("loggerFile");
    }

    private static Map<String, String> swapped(ServerSettings target) throws Exception {
        Map<String, String> config = new HashMap<>();
        JSON.readTree(Path.of("..", "config", "connectors", "sink-replacing-jdbc.json")
                        .toFile())
                .path("config")
                .properties()
                .forEach(setting ->
                        config.put(setting.getKey(), setting.getValue().asText()));
        config.put("name", "swapped");
        config.put(
                "connection.url",
                "jdbc:postgresql://" + target.host() + ":" + target.port() + "/" + target.database()
                        + "?sslmode=disable");
        config.put("connection.user", target.user());
        config.put("connection.password", target.password());
        return config;
    }

    private static JsonNode validate(SharedStack stack, Map<String, String> config) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(stack.connectUri()
                        .resolve("/connector-plugins/io.changeover.sink.PostgresSinkConnector/config/validate"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(config)))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static JsonNode config(JsonNode answer, String key) {
        for (JsonNode config : answer.path("configs")) {
            if (config.path("value").path("name").asText().equals(key)) {
                return config;
            }
        }
        throw new AssertionError(key + " is not in the answer");
    }

    private static String errors(JsonNode answer, String key) {
        return config(answer, key).path("value").path("errors").toString();
    }
}
