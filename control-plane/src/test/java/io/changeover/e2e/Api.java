package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.api.Json;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.MigrationSpecJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** REST as any client sees it: paths, codes and JSON, nothing of the product's classes. */
public final class Api {

    /** An answer of the API. */
    public record Answer(int status, String type, JsonNode body) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI uri;
    private final Optional<String> token;

    public Api(URI uri) {
        this(uri, Optional.empty());
    }

    /** One that says who it is. */
    Api(URI uri, Optional<String> token) {
        this.uri = uri;
        this.token = token;
    }

    public URI uri() {
        return uri;
    }

    public Answer get(String path) {
        return ask("GET", path, "");
    }

    /** What another path than those of {@code /api/v1} answers. */
    public String text(String path) {
        try {
            HttpResponse<String> answer =
                    http.send(HttpRequest.newBuilder(uri.resolve(path)).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Answer post(String path, String body) {
        return ask("POST", path, body);
    }

    public Answer put(String path) {
        return ask("PUT", path, "");
    }

    /** Forgets a migration; the status of the answer. */
    public int delete(String migration) {
        return ask("DELETE", "/migrations/" + migration, "").status();
    }

    /**
     * An answer as it is.
     *
     * @param headers names and values in turn
     */
    public HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri.resolve("/api/v1" + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        token.ifPresent(given -> request.header("Authorization", "Bearer " + given));
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Answer ask(String method, String path, String body) {
        HttpResponse<String> answer = send(method, path, body, "Content-Type", "application/json");
        try {
            return new Answer(
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElse(""),
                    Json.mapper().readTree(answer.body()));
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path, e);
        }
    }

    /** Creates and starts a migration. */
    public void begin(MigrationSpec spec) {
        assertThat(post("/migrations", MigrationSpecJson.write(spec)).status()).isEqualTo(201);
        start(spec.name());
    }

    public void start(String migration) {
        assertThat(put("/migrations/" + migration + "/start").status()).isEqualTo(202);
    }

    public JsonNode database(Databases databases) {
        return get(path(databases)).body();
    }

    public Answer cutover(Databases databases, String confirm) {
        return post(path(databases) + "/cutover", "{\"confirm\":\"" + confirm + "\"}");
    }

    public Answer cutover(Databases databases) {
        return cutover(databases, databases.migration() + "/" + databases.name());
    }

    /** Waits until the pair is in a state; fails with the reason if it fails. */
    public JsonNode awaitState(Databases databases, String state) {
        JsonNode last = await("state " + state + " of " + databases.name())
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> database(databases),
                        seen -> List.of(state, "FAILED")
                                .contains(seen.path("state").asText()));
        assertThat(last.path("state").asText())
                .as(() -> last.path("reason").asText())
                .isEqualTo(state);
        return last;
    }

    /** Waits until the pair is compared and cleaned up. */
    public JsonNode awaitEnd(Databases databases) {
        awaitState(databases, "COMPLETED");
        return await("clean-up of " + databases.name())
                .atMost(Duration.ofSeconds(60))
                .until(() -> database(databases), seen -> seen.path("cleanedUp").asBoolean());
    }

    /** The comparison found nothing, and it was not empty. */
    public static void assertEqual(JsonNode database) {
        JsonNode comparison = database.path("comparison");
        assertThat(comparison.path("tables").size()).isPositive();
        assertThat(comparison.path("tables"))
                .allSatisfy(table -> assertThat(table.path("equal").asBoolean())
                        .as(table.toString())
                        .isTrue());
        assertThat(comparison.path("differences")).isEmpty();
    }

    private static String path(Databases databases) {
        return "/migrations/" + databases.migration() + "/databases/" + databases.name();
    }
}
