package io.changeover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.e2e.Api;
import io.changeover.e2e.Databases;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.spec.CutoverMode;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.MigrationSpecJson;
import io.changeover.spec.SchemaMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a request may say about itself: what it has seen, and that it is the same as another. */
@Timeout(120)
@ExtendWith(StackExtension.class)
class RequestsTest {

    private static final String[] JSON = {"Content-Type", "application/json"};

    @Test
    void changeIsMadeOnlyOfWhatWasSeen(SharedStack stack, Databases databases) throws IOException {
        Api api = stack.api();
        String path = "/migrations/" + databases.migration();
        MigrationSpec spec = stack.spec(databases, SchemaMode.COPY);
        String first = MigrationSpecJson.write(spec);
        String second =
                MigrationSpecJson.write(spec.withCutover(new CutoverSpec(CutoverMode.AUTO, Duration.ofSeconds(30))));

        HttpResponse<String> made = send(api, "PUT", path, first, "If-None-Match", "*");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String seen = tag(made);
        assertProblem(send(api, "PUT", path, second, "If-None-Match", "*"), 412, ProblemCode.CHANGED_SINCE);
        HttpResponse<String> changed = send(api, "PUT", path, second, "If-Match", seen);
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(tag(changed)).isNotEqualTo(seen);

        assertProblem(send(api, "PUT", path, first, "If-Match", seen), 412, ProblemCode.CHANGED_SINCE);
        assertProblem(send(api, "DELETE", path, "", "If-Match", seen), 412, ProblemCode.CHANGED_SINCE);
        assertProblem(send(api, "PUT", path + "/start", "", "If-Match", seen), 412, ProblemCode.CHANGED_SINCE);
        assertProblem(send(api, "PUT", "/migrations/none", first, "If-Match", "*"), 412, ProblemCode.CHANGED_SINCE);
        assertThat(send(api, "DELETE", path, "", "If-Match", "W/" + seen + ", " + tag(changed))
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void connectionGoesOnBehindABodyThatNobodyWanted(SharedStack stack) throws IOException {
        URI uri = stack.api().uri();
        String body = "x".repeat(1000);
        String refused = "PUT /api/v1/migrations/none HTTP/1.1\r\nHost: " + uri.getAuthority()
                + "\r\nContent-Type: application/json\r\nIf-Match: *\r\nContent-Length: " + body.length()
                + "\r\n\r\n";
        String next =
                "GET /api/v1/health/live HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            InputStream answers = socket.getInputStream();
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(refused.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream first = new ByteArrayOutputStream();
            assertThatThrownBy(() -> answers.transferTo(first))
                    .as("the server waits for the body, and does not close")
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(first.toString(StandardCharsets.UTF_8)).startsWith("HTTP/1.1 412");

            socket.setSoTimeout(30_000);
            socket.getOutputStream().write((body + next).getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(answers.readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whatIsTheSameIsNotSentAgain(SharedStack stack, Databases databases) throws IOException {
        Api api = stack.api();
        String path = "/migrations/" + databases.migration();
        api.post("/migrations", MigrationSpecJson.write(stack.spec(databases, SchemaMode.COPY)));
        HttpResponse<String> migration = send(api, "GET", path, "");
        HttpResponse<String> pair = send(api, "GET", path + "/databases/" + databases.name(), "");

        assertThat(Json.mapper().readTree(migration.body()).path("revision").asText())
                .isEqualTo(tag(migration).replace("\"", ""));
        assertThat(tag(pair)).isNotEqualTo(tag(migration));
        HttpResponse<String> same = send(api, "GET", path, "", "If-None-Match", tag(migration));
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(tag(same)).isEqualTo(tag(migration));
        assertThat(send(api, "GET", path, "", "If-None-Match", "\"other\"").statusCode())
                .isEqualTo(200);
        assertThat(api.delete(databases.migration())).isEqualTo(204);
    }

    @Test
    void requestWithAKeyIsCarriedOutOnce(SharedStack stack, Databases databases) throws IOException {
        Api api = stack.api();
        String name = databases.migration();
        String spec = MigrationSpecJson.write(stack.spec(databases, SchemaMode.COPY));

        HttpResponse<String> first = send(api, "POST", "/migrations", spec, "Idempotency-Key", "make" + name);
        HttpResponse<String> again = send(api, "POST", "/migrations", spec, "Idempotency-Key", "make" + name);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(tag(again)).isEqualTo(tag(first));
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();

        assertProblem(
                send(api, "POST", "/migrations", spec + " ", "Idempotency-Key", "make" + name),
                422,
                ProblemCode.KEY_OF_ANOTHER_REQUEST);
        assertProblem(
                send(api, "POST", "/migrations", spec, "Idempotency-Key", "other" + name), 409, ProblemCode.NAME_TAKEN);
        assertProblem(
                send(api, "POST", "/migrations", spec, "Idempotency-Key", "a b"), 400, ProblemCode.WRONG_PARAMETER);

        String cancel = "/migrations/" + name + "/cancel";
        String confirmed = "{\"confirm\": \"" + name + "\"}";
        HttpResponse<String> cancelled = send(api, "POST", cancel, confirmed, "Idempotency-Key", "c" + name);
        assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(202);
        HttpResponse<String> replayed = send(api, "POST", cancel, confirmed, "Idempotency-Key", "c" + name);
        assertThat(replayed.statusCode()).isEqualTo(202);
        assertThat(replayed.headers().firstValue("Location"))
                .isEqualTo(cancelled.headers().firstValue("Location"))
                .isPresent();
        assertThat(replayed.headers().firstValue("Idempotent-Replayed")).contains("true");
    }

    @Test
    void everyRefusalHasACode(SharedStack stack, Databases databases) throws IOException {
        Api api = stack.api();
        String name = databases.migration();
        String spec = MigrationSpecJson.write(stack.spec(databases, SchemaMode.COPY));
        String pair = "/migrations/" + name + "/databases/" + databases.name();
        api.post("/migrations", spec);

        assertProblem(send(api, "GET", "/migrations/none", ""), 404, ProblemCode.NOT_FOUND);
        assertProblem(send(api, "GET", "/no/such", ""), 404, ProblemCode.NOT_FOUND);
        assertProblem(send(api, "PATCH", "/migrations", ""), 405, ProblemCode.METHOD_NOT_ALLOWED);
        assertProblem(send(api, "POST", "/migrations", "{"), 400, ProblemCode.WRONG_BODY);
        assertProblem(send(api, "POST", pair + "/cutover", "{"), 400, ProblemCode.WRONG_BODY);
        assertProblem(send(api, "GET", pair + "/tables?limit=0", ""), 400, ProblemCode.WRONG_PARAMETER);
        assertProblem(send(api, "POST", pair + "/cutover", "{}"), 400, ProblemCode.NOT_CONFIRMED);
        assertProblem(send(api, "POST", "/migrations", spec), 409, ProblemCode.NAME_TAKEN);
        assertProblem(
                send(api, "PUT", "/migrations/" + name, spec.replace("\"schema\":\"copy\"", "\"schema\":\"existing\"")),
                409,
                ProblemCode.CANNOT_BE_CHANGED);
        assertProblem(
                send(api, "POST", pair + "/cutover", "{\"confirm\": \"" + name + "/" + databases.name() + "\"}"),
                409,
                ProblemCode.CUTOVER_NOT_READY);
        assertProblem(send(api, "POST", pair + "/tables/public.t/reload", ""), 409, ProblemCode.RELOAD_NOT_POSSIBLE);
        assertProblem(send(api, "PUT", pair + "/load", "{\"readers\": 1}"), 409, ProblemCode.LOAD_NOT_LIMITED);
        assertProblem(send(api, "PUT", pair + "/pause", ""), 409, ProblemCode.NOT_POSSIBLE_NOW);
        assertThat(stack.api()
                        .send("POST", "/migrations", spec, "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(415);
        assertThat(api.delete(name)).isEqualTo(204);
    }

    private static HttpResponse<String> send(Api api, String method, String path, String body, String... headers) {
        String[] all = new String[JSON.length + headers.length];
        System.arraycopy(JSON, 0, all, 0, JSON.length);
        System.arraycopy(headers, 0, all, JSON.length, headers.length);
        return api.send(method, path, body, all);
    }

    private static String tag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElse("none");
    }

    private static void assertProblem(HttpResponse<String> answer, int status, ProblemCode code) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode problem = Json.mapper().readTree(answer.body());
        assertThat(problem.path("code").asText()).as(answer.body()).isEqualTo(code.text());
        assertThat(code.status()).isEqualTo(status);
    }
}
