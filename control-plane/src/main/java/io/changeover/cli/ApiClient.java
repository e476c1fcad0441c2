package io.changeover.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.api.CutoverResource;
import io.changeover.api.DdlResource;
import io.changeover.api.Json;
import io.changeover.api.OperationViews;
import io.changeover.api.VerificationResource;
import io.changeover.api.Views;
import io.changeover.migration.SchemaReport;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The control plane's API, as the command uses it. */
final class ApiClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http;
    private final Credentials credentials;
    private final String url;

    ApiClient(URI server, Credentials credentials) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5));
        credentials.trust().ifPresent(builder::sslContext);
        http = builder.build();
        this.credentials = credentials;
        url = server.toString().replaceAll("/+$", "") + "/api/v1/migrations";
    }

    /** Ends the command if the control plane does not lead any more. */
    void requireReady() {
        if (ask("GET", "/../health/ready", Optional.empty()).statusCode() == 503) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    "Another control plane has taken over this cluster; this one does nothing any more");
        }
    }

    List<Views.MigrationView> migrations() {
        return read(require(ask("GET", "", Optional.empty())), new TypeReference<>() {});
    }

    Optional<Views.MigrationView> migration(String name) {
        HttpResponse<String> answer = ask("GET", path(name), Optional.empty());
        return answer.statusCode() == 404
                ? Optional.empty()
                : Optional.of(read(require(answer), new TypeReference<>() {}));
    }

    /**
     * The same, only if it is still so as when the difference was seen.
     *
     * @param revision that was seen; empty if there was no migration of that name
     */
    void put(String name, String spec, Optional<String> revision) {
        HttpResponse<String> answer = revision.isPresent()
                ? ask("PUT", path(name), Optional.of(spec), "If-Match", '"' + revision.get() + '"')
                : ask("PUT", path(name), Optional.of(spec), "If-None-Match", "*");
        requireAllowed(answer);
    }

    /** Makes a migration from a specification in JSON, or changes what may be changed of it. */
    void put(String name, String spec) {
        requireAllowed(ask("PUT", path(name), Optional.of(spec)));
    }

    /** What {@link #put} would change; what may not be changed ends the command. */
    Views.DifferenceView difference(String name, String spec) {
        HttpResponse<String> answer = ask("PUT", path(name) + "?dryRun=true", Optional.of(spec));
        requireAllowed(answer);
        return read(answer.body(), new TypeReference<>() {});
    }

    void start(String name) {
        ask(name, Optional.empty(), "start", Optional.empty());
    }

    /**
     * Asks for something for a migration or one of its databases; a refusal ends the command with the reasons.
     *
     * @param body without one the verb is a PUT, else a POST
     */
    void ask(String migration, Optional<String> database, String verb, Optional<Map<String, Object>> body) {
        String path = database.map(name -> path(migration, name)).orElse(path(migration)) + "/" + verb;
        requireAllowed(ask(
                body.isPresent() ? "POST" : "PUT",
                path,
                Optional.of(body.map(ApiClient::write).orElse(""))));
    }

    /**
     * Asks for something that takes its time; a refusal ends the command with the reasons.
     *
     * @return the operation that it has begun; empty if there was nothing left to do
     */
    Optional<String> begin(String migration, Optional<String> database, String verb) {
        String path = database.map(name -> path(migration, name)).orElse(path(migration)) + "/" + verb;
        HttpResponse<String> answer = ask("PUT", path, Optional.of(""));
        requireAllowed(answer);
        return operation(answer);
    }

    private static Optional<String> operation(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").map(found -> found.substring(found.lastIndexOf('/') + 1));
    }

    /** What has become of a request. */
    OperationViews.OperationView operation(String id) {
        return read(require(ask("GET", "/../operations/" + encode(id), Optional.empty())), new TypeReference<>() {});
    }

    /** Forgets a migration; a refusal ends the command with the reasons. */
    void delete(String migration) {
        requireAllowed(ask("DELETE", path(migration), Optional.empty()));
    }

    private static void requireAllowed(HttpResponse<String> answer) {
        if (answer.statusCode() == 409 || answer.statusCode() == 412) {
            JsonNode problem = read(answer.body(), new TypeReference<>() {});
            throw new CommandFailed(ExitCode.NOT_READY, problem.path("detail").asText());
        }
        require(answer);
    }

    Views.DatabaseView database(String migration, String database) {
        return read(require(ask("GET", path(migration, database), Optional.empty())), new TypeReference<>() {});
    }

    /** All tables of a pair, in order of name. */
    List<Views.TableView> tables(String migration, String database) {
        return tables(migration, database, Map.of());
    }

    /**
     * Some tables of a pair.
     *
     * @param parameters of the request, as docs/rest.md has them
     */
    List<Views.TableView> tables(String migration, String database, Map<String, String> parameters) {
        String path = path(migration, database) + "/tables" + query(parameters);
        return read(require(ask("GET", path, Optional.empty())), new TypeReference<>() {});
    }

    /** What a copy of the structure left out; empty if there is no report. */
    Optional<SchemaReport> schemaReport(String migration, String database) {
        HttpResponse<String> answer = ask("GET", path(migration, database) + "/schema-report", Optional.empty());
        return answer.statusCode() == 404
                ? Optional.empty()
                : Optional.of(read(require(answer), new TypeReference<>() {}));
    }

    /** The same for the report of a migration, which is made also where the target cannot be asked any more. */
    Optional<SchemaReport> schemaReport(Views.DatabaseView view) {
        HttpResponse<String> answer =
                ask("GET", path(view.migration(), view.source()) + "/schema-report", Optional.empty());
        return answer.statusCode() == 200
                ? Optional.of(read(answer.body(), new TypeReference<>() {}))
                : Optional.empty();
    }

    /** The report for an auditor, byte for byte. */
    String report(String migration, String mediaType) {
        return require(ask("GET", path(migration) + "/report", Optional.empty(), "Accept", mediaType));
    }

    /** Starts a cutover at once; a refusal ends the command with the blockers. */
    void cutover(String migration, String database) {
        cutover(migration, Optional.of(database), Map.of("confirm", migration + "/" + database));
    }

    /** The same of a pair or of all of them, at once or later. */
    void cutover(String migration, Optional<String> database, Map<String, String> body) {
        String path = database.map(name -> path(migration, name)).orElse(path(migration)) + "/cutover";
        HttpResponse<String> answer = ask("POST", path, Optional.of(write(body)));
        if (answer.statusCode() == 409) {
            throw new CommandFailed(ExitCode.NOT_READY, refusal("The cutover cannot begin:", answer));
        }
        require(answer);
    }

    /** Starts a rollback; a refusal ends the command with the blockers. The operation that it has begun. */
    Optional<String> rollback(String migration, String database) {
        String body = write(Map.of("confirm", migration + "/" + database));
        HttpResponse<String> answer = ask("POST", path(migration, database) + "/rollback", Optional.of(body));
        if (answer.statusCode() == 409) {
            throw new CommandFailed(
                    ExitCode.NOT_READY, refusal("The rollback, whose source is the target, cannot begin:", answer));
        }
        require(answer);
        return operation(answer);
    }

    /** What has to hold for a cutover, as it is now. */
    List<CutoverResource.GateView> gates(String migration, String database) {
        return read(
                require(ask("GET", path(migration, database) + "/gates", Optional.empty())), new TypeReference<>() {});
    }

    /** Has a cutover rehearsed; a refusal ends the command with the reason. */
    void rehearse(String migration, String database, int runs) {
        requireAllowed(ask("POST", path(migration, database) + "/rehearse", Optional.of(write(Map.of("runs", runs)))));
    }

    /** Limits the load; what is not in the map has no limit. */
    void limitLoad(String migration, String database, Map<String, Long> limits) {
        require(ask("PUT", path(migration, database) + "/load", Optional.of(write(limits))));
    }

    /** Has a table loaded again; a refusal ends the command with the reason. */
    void reload(String migration, String database, String table) {
        requireAllowed(
                ask("POST", path(migration, database) + "/tables/" + encode(table) + "/reload", Optional.of("")));
    }

    /** Where the definitions of both sides differ. */
    List<DdlResource.ChangeView> ddl(String migration, String database) {
        return read(
                require(ask("GET", path(migration, database) + "/ddl", Optional.empty())), new TypeReference<>() {});
    }

    /** Makes on the target what is offered; of all tables if none is named. A refusal ends the command. */
    List<DdlResource.ResultView> applyDdl(String migration, String database, String table) {
        HttpResponse<String> answer =
                ask("POST", path(migration, database) + "/ddl", Optional.of(write(Map.of("table", table))));
        requireAllowed(answer);
        return read(answer.body(), new TypeReference<>() {});
    }

    /** What the verification found. */
    VerificationResource.VerificationView verification(String migration, String database) {
        return read(
                require(ask("GET", path(migration, database) + "/verification", Optional.empty())),
                new TypeReference<>() {});
    }

    /** Has tables compared anew, all if none is named. A refusal ends the command. */
    void verify(String migration, String database, String table) {
        requireAllowed(
                ask("POST", path(migration, database) + "/verification", Optional.of(write(Map.of("table", table)))));
    }

    private static String refusal(String what, HttpResponse<String> answer) {
        JsonNode problem = read(answer.body(), new TypeReference<>() {});
        List<String> lines = new ArrayList<>();
        lines.add(what);
        problem.path("blockers").forEach(blocker -> lines.add("  - " + blocker.asText()));
        return String.join(System.lineSeparator(), lines);
    }

    private static String path(String migration) {
        return "/" + encode(migration);
    }

    private static String path(String migration, String database) {
        return path(migration) + "/databases/" + encode(database);
    }

    private static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(each -> each.getKey() + "=" + encode(each.getValue()))
                .collect(Collectors.joining("&", parameters.isEmpty() ? "" : "?", ""));
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpResponse<String> ask(String method, String path, Optional<String> body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(url + path).normalize())
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
        credentials.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return admitted(http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.CONNECTION,
                    "The control plane at " + url.replace("/api/v1/migrations", "") + " does not answer (" + e
                            + "). Is it running? --server names another address");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.FAILED, "Interrupted");
        }
    }

    /** Ends the command if it is not let in. */
    private static HttpResponse<String> admitted(HttpResponse<String> answer) {
        if (answer.statusCode() == 401) {
            throw new CommandFailed(
                    ExitCode.CONNECTION,
                    "The control plane does not know who asks: --token-file names a file with a token that it knows");
        }
        if (answer.statusCode() == 403) {
            JsonNode problem = read(answer.body(), new TypeReference<>() {});
            throw new CommandFailed(ExitCode.CONNECTION, problem.path("detail").asText());
        }
        return answer;
    }

    private static String require(HttpResponse<String> answer) {
        if (answer.statusCode() >= 400) {
            JsonNode problem = read(answer.body(), new TypeReference<>() {});
            int code = answer.statusCode() < 500 ? ExitCode.USAGE : ExitCode.FAILED;
            throw new CommandFailed(code, problem.path("detail").asText("HTTP " + answer.statusCode()));
        }
        return answer.body();
    }

    private static <T> T read(String body, TypeReference<T> type) {
        try {
            return Json.mapper().readValue(body, type);
        } catch (JsonProcessingException e) {
            throw new CommandFailed(
                    ExitCode.CONNECTION, "What answers at this address is not Changeover's control plane: " + e);
        }
    }

    private static String write(Object value) {
        try {
            return Json.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
