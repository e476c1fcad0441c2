package io.changeover.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Connect's REST API, as far as a migration needs it. Answers that only mean "not now" (409 in a rebalance, 5xx, no
 * answer) are asked again for a while. Safe for use by several threads.
 */
public final class ConnectClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ObjectMapper json = new ObjectMapper();
    private final RetryPolicy<Object> retry;
    private final String url;
    private final Leave leave;

    /**
     * A client.
     *
     * @param url of any worker of the cluster, for example {@code http://127.0.0.1:8083}
     */
    public ConnectClient(String url) {
        this(url, Duration.ofSeconds(30));
    }

    /** A client that asks for leave before each request that changes something, also before it is tried again. */
    public ConnectClient(String url, Leave leave) {
        this(url, Duration.ofSeconds(30), leave);
    }

    /**
     * A client.
     *
     * @param url of any worker of the cluster, for example {@code http://127.0.0.1:8083}
     * @param patience how long a request is tried again
     */
    public ConnectClient(String url, Duration patience) {
        this(url, patience, Leave.ALWAYS);
    }

    private ConnectClient(String url, Duration patience, Leave leave) {
        this.leave = leave;
        this.url = url.replaceAll("/+$", "");
        retry = RetryPolicy.builder()
                .handleIf(failure -> failure instanceof ConnectFailure connect && connect.isTemporary())
                .withBackoff(100, 2000, ChronoUnit.MILLIS)
                .withMaxDuration(patience)
                .withMaxRetries(-1)
                .build();
    }

    /** Makes a connector, or changes it to this configuration. */
    public void put(String name, Map<String, String> config) {
        ask("PUT", connector(name) + "/config", Optional.of(write(config)));
    }

    /** Makes a connector that does not run yet, so that its offset can be set. */
    public void createStopped(String name, Map<String, String> config) {
        ask(
                "POST",
                "/connectors",
                Optional.of(write(Map.of("name", name, "config", config, "initial_state", "STOPPED"))));
    }

    /** Starts a stopped connector. */
    public void resume(String name) {
        ask("PUT", connector(name) + "/resume", Optional.empty());
    }

    /** A connector's status, or empty if there is none of that name. */
    public Optional<ConnectorStatus> status(String name) {
        return ask("GET", connector(name) + "/status", Optional.empty()).map(ConnectClient::status);
    }

    /** Whether Connect has stored an offset of a source connector. */
    public boolean hasOffset(String name) {
        return ask("GET", connector(name) + "/offsets", Optional.empty())
                .map(answer -> !answer.path("offsets").isEmpty())
                .orElse(false);
    }

    /** The offset that Connect has stored of a source connector with one partition, as JSON; empty if there is none. */
    public Optional<String> offset(String name) {
        return ask("GET", connector(name) + "/offsets", Optional.empty())
                .map(answer -> answer.path("offsets").path(0).path("offset"))
                .filter(JsonNode::isObject)
                .map(JsonNode::toString);
    }

    /**
     * Sets an offset of a stopped source connector.
     *
     * @param partition of the source, as its connector names it
     * @param offset as JSON
     */
    public void setOffset(String name, Map<String, String> partition, String offset) {
        ObjectNode change = json.createObjectNode();
        change.putArray("offsets")
                .addObject()
                .<ObjectNode>set("partition", json.valueToTree(partition))
                .putRawValue("offset", new RawValue(offset));
        ask("PATCH", connector(name) + "/offsets", Optional.of(write(change)));
    }

    /** Starts what failed of a connector again. */
    public void restartFailed(String name) {
        ask("POST", connector(name) + "/restart?includeTasks=true&onlyFailed=true", Optional.empty());
    }

    /** A connector's configuration with its name, or empty if there is none. */
    public Optional<Map<String, String>> config(String name) {
        return ask("GET", connector(name) + "/config", Optional.empty())
                .map(answer -> json.convertValue(answer, new TypeReference<>() {}));
    }

    /** Ends a connector's tasks; it stays. */
    public void stop(String name) {
        ask("PUT", connector(name) + "/stop", Optional.empty());
    }

    /** Forgets the offsets of a stopped connector. */
    public void deleteOffsets(String name) {
        ask("DELETE", connector(name) + "/offsets", Optional.empty());
    }

    /** Removes a connector; nothing happens if there is none. */
    public void delete(String name) {
        ask("DELETE", connector(name), Optional.empty());
    }

    /** The version of the worker that answers. */
    public String version() {
        return ask("GET", "/", Optional.empty())
                .map(answer -> answer.path("version").asText())
                .orElse("");
    }

    /** The connector plugins that are installed: versions by class. */
    public Map<String, String> plugins() {
        Map<String, String> plugins = new TreeMap<>();
        ask("GET", "/connector-plugins", Optional.empty()).ifPresent(found -> {
            for (JsonNode plugin : found) {
                plugins.put(
                        plugin.path("class").asText(), plugin.path("version").asText());
            }
        });
        return plugins;
    }

    /**
     * What a worker would refuse a connector for: it resolves the references of the configuration, and connects if the
     * connector does so in its own check. Nothing is made.
     *
     * @return {@code key: message}, without values
     */
    public List<String> refusals(String name, Map<String, String> config) {
        Map<String, String> named = new TreeMap<>(config);
        named.put("name", name);
        String plugin = config.getOrDefault("connector.class", "");
        List<String> refusals = new ArrayList<>();
        JsonNode answer = json.nullNode();
        try {
            answer = askOnce("PUT", "/connector-plugins/" + plugin + "/config/validate", Optional.of(write(named)))
                    .orElse(answer);
        } catch (ConnectFailure e) {
            if (e.getCause() != null) {
                throw e;
            }
            refusals.add(e.getMessage()); // a reference that leads nowhere is an error of the server to Connect
        }
        for (JsonNode key : answer.path("configs")) {
            JsonNode value = key.path("value");
            for (JsonNode error : value.path("errors")) {
                refusals.add(value.path("name").asText() + ": " + error.asText());
            }
        }
        return refusals;
    }

    private static ConnectorStatus status(JsonNode answer) {
        List<ConnectorStatus.TaskStatus> tasks = new ArrayList<>();
        for (JsonNode task : answer.path("tasks")) {
            tasks.add(new ConnectorStatus.TaskStatus(
                    task.path("id").asInt(),
                    task.path("state").asText(),
                    task.path("trace").asText("")));
        }
        JsonNode connector = answer.path("connector");
        return new ConnectorStatus(
                connector.path("state").asText(), connector.path("trace").asText(""), tasks);
    }

    private static String connector(String name) {
        return "/connectors/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Optional<JsonNode> ask(String method, String path, Optional<String> body) {
        try {
            return Failsafe.with(retry)
                    .get(() -> method.equals("GET")
                            ? askOnce(method, path, body)
                            : leave.during(method + " " + path, () -> askOnce(method, path, body)));
        } catch (FailsafeException e) {
            // interrupted between two attempts
            Thread.currentThread().interrupt();
            throw new ConnectFailure("Interrupted while waiting for Kafka Connect", false, e);
        }
    }

    private Optional<JsonNode> askOnce(String method, String path, Optional<String> body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()))
                .build();
        try {
            return read(method + " " + path, http.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new ConnectFailure("Kafka Connect at " + url + " does not answer: " + e, true, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectFailure("Interrupted while waiting for Kafka Connect", false, e);
        }
    }

    private Optional<JsonNode> read(String request, HttpResponse<String> response) throws JsonProcessingException {
        int code = response.statusCode();
        if (code == 404) {
            return Optional.empty();
        }
        if (code >= 400) {
            boolean temporary = code == 409 || code >= 500;
            throw new ConnectFailure(
                    "Kafka Connect refused " + request + ": " + code + " " + message(response.body()), temporary);
        }
        return response.body().isEmpty() ? Optional.of(json.nullNode()) : Optional.of(json.readTree(response.body()));
    }

    /** Connect's own words, or whatever a proxy in front of it says. */
    private String message(String body) {
        try {
            return json.readTree(body).path("message").asText(body);
        } catch (JsonProcessingException e) {
            return body;
        }
    }

    private String write(Object body) {
        try {
            return json.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("A request to Kafka Connect is not writable", e);
        }
    }
}
