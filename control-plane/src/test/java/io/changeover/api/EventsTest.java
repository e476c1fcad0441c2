package io.changeover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.changeover.e2e.Databases;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.spec.CutoverMode;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.MigrationSpecJson;
import io.changeover.spec.SchemaMode;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(120)
@ExtendWith(StackExtension.class)
class EventsTest {

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void whoComesBackMissesNoChange(SharedStack stack, Databases databases) throws Exception {
        String name = databases.migration();
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY);
        String last;
        try (Stream stream = open(stack, "?migration=" + name, "")) {
            assertThat(stream.next()).containsEntry("event", "begin");
            stack.api().post("/migrations", MigrationSpecJson.write(spec));
            Map<String, String> made = stream.change();
            assertThat(made.get("data")).contains("\"what\":\"create\"", "\"migration\":\"" + name + "\"", "CREATED");
            last = made.get("id");
        }
        put(stack, spec.withCutover(new CutoverSpec(CutoverMode.AUTO, Duration.ofSeconds(30))));
        put(stack, spec);

        try (Stream stream = open(stack, "?migration=" + name, last)) {
            assertThat(stream.change().get("data")).contains("AUTO");
            Map<String, String> second = stream.change();
            assertThat(second.get("data")).contains("\"after\":\"CutoverSpec[mode=MANUAL");
            assertThat(Long.parseLong(second.get("id"))).isGreaterThan(Long.parseLong(last));
            assertThat(stack.api().delete(name)).isEqualTo(204);
            assertThat(stream.change().get("data")).contains("\"what\":\"delete\"");
        }
    }

    @Test
    void numbersOfPairsComeWithoutIds(SharedStack stack, Databases databases) throws Exception {
        String name = databases.migration();
        stack.api().post("/migrations", MigrationSpecJson.write(stack.spec(databases, SchemaMode.COPY)));

        try (Stream stream = open(stack, "?migration=" + name, "")) {
            Map<String, String> event = stream.progress();
            assertThat(event).doesNotContainKey("id");
            assertThat(event.get("data")).contains("\"source\":\"" + databases.name() + "\"", "\"fullLoad\"");
        }
        assertThat(stack.api().delete(name)).isEqualTo(204);
    }

    @Test
    void whoComesLaterIsToldOfNumbersThatDoNotChange(SharedStack stack, Databases databases) throws Exception {
        String name = databases.migration();
        stack.api().post("/migrations", MigrationSpecJson.write(stack.spec(databases, SchemaMode.COPY)));

        try (Stream first = open(stack, "?migration=" + name, "")) {
            first.progress();
            try (Stream second = open(stack, "?migration=" + name, "")) {
                assertThat(second.progress().get("data")).contains("\"source\":\"" + databases.name() + "\"");
            }
        }
        assertThat(stack.api().delete(name)).isEqualTo(204);
    }

    @Test
    void idThatIsNoneIsRefused(SharedStack stack) throws Exception {
        HttpResponse<InputStream> answer = send(stack, "", "yesterday");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("Last-Event-ID", ProblemCode.WRONG_PARAMETER.text());
    }

    @Test
    void onlySoManyFollow(SharedStack stack, Databases databases) throws Exception {
        List<HttpResponse<InputStream>> all = new ArrayList<>();
        try {
            HttpResponse<InputStream> answer = send(stack, "", "");
            while (answer.statusCode() == 200 && all.size() < 100) {
                all.add(answer);
                answer = send(stack, "", "");
            }
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(all).hasSizeLessThanOrEqualTo(Events.MOST_CLIENTS).isNotEmpty();
        } finally {
            for (HttpResponse<InputStream> each : all) {
                each.body().close();
            }
        }
        // who is gone is noticed when something is sent
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY);
        HttpResponse<InputStream> again = await("room for another client")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            stack.api().post("/migrations", MigrationSpecJson.write(spec));
                            stack.api().delete(spec.name());
                            return send(stack, "", "");
                        },
                        answer -> answer.statusCode() == 200);
        again.body().close();
    }

    private static void put(SharedStack stack, MigrationSpec spec) {
        assertThat(stack.api()
                        .send(
                                "PUT",
                                "/migrations/" + spec.name(),
                                MigrationSpecJson.write(spec),
                                "Content-Type",
                                "application/json")
                        .statusCode())
                .isEqualTo(200);
    }

    private Stream open(SharedStack stack, String query, String lastId) throws Exception {
        HttpResponse<InputStream> answer = await("room for a client")
                .atMost(Duration.ofSeconds(60))
                .until(() -> send(stack, query, lastId), found -> found.statusCode() != 503);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        return new Stream(answer.body());
    }

    private HttpResponse<InputStream> send(SharedStack stack, String query, String lastId) throws Exception {
        URI uri = stack.api().uri().resolve("/api/v1/events" + query);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream, */*");
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        return http.send(request.build(), BodyHandlers.ofInputStream());
    }

    /** Reads events as a browser does. */
    private static final class Stream implements AutoCloseable {

        private final BufferedReader lines;

        Stream(InputStream body) {
            lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        Map<String, String> next() throws IOException {
            Map<String, String> event = new LinkedHashMap<>();
            while (true) {
                String line = lines.readLine();
                if (line == null) {
                    throw new IOException("The stream has ended");
                }
                if (line.isEmpty() && !event.isEmpty()) {
                    return event;
                }
                int colon = line.indexOf(':');
                if (colon > 0) {
                    event.put(
                            line.substring(0, colon), line.substring(colon + 1).strip());
                }
            }
        }

        Map<String, String> change() throws IOException {
            return next("change");
        }

        Map<String, String> progress() throws IOException {
            return next("progress");
        }

        private Map<String, String> next(String kind) throws IOException {
            Map<String, String> event = next();
            while (!kind.equals(event.get("event"))) {
                event = next();
            }
            return event;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
