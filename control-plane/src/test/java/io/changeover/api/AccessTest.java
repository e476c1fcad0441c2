package io.changeover.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.access.Access;
import io.changeover.access.Caller;
import io.changeover.access.NewToken;
import io.changeover.access.Permissions;
import io.changeover.access.Role;
import io.changeover.access.Route;
import io.changeover.access.TokenFile;
import io.changeover.e2e.Databases;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.spec.MigrationSpecJson;
import io.changeover.spec.SchemaMode;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, on a real server. */
@Timeout(120)
@ExtendWith(StackExtension.class)
class AccessTest {

    @TempDir
    Path directory;

    private final Map<Role, NewToken> tokens = new EnumMap<Role, NewToken>(Arrays.stream(Role.values())
            .collect(Collectors.toMap(role -> role, role -> NewToken.of(new Caller(role.word() + "-1", role)))));

    private final HttpClient http = HttpClient.newHttpClient();

    /** Every route with every role and with none; there are no such things, so what is let in changes nothing. */
    @Test
    void everyRouteIsAnsweredToItsRolesOnly(SharedStack stack) throws Exception {
        try (ApiServer server = stack.serve(access())) {
            for (Map.Entry<Route, Role> each : Permissions.all().entrySet()) {
                Route route = each.getKey();
                if (!Permissions.isOpen(route.method(), route.template())) {
                    assertThat(ask(server, route, Optional.empty()))
                            .as("nobody, " + route)
                            .isEqualTo(401);
                }
                for (Role role : Role.values()) {
                    int status = ask(server, route, Optional.of(tokens.get(role)));
                    assertThat(status).as(role + ", " + route).isNotIn(401, 429, 500, 503);
                    assertThat(status == 403)
                            .as(role + ", " + route + ": " + status)
                            .isEqualTo(!role.covers(each.getValue())
                                    && !Permissions.isOpen(route.method(), route.template()));
                }
            }
        }
    }

    @Test
    void healthIsOpenAndWhatIsNotThereIsNot(SharedStack stack) throws Exception {
        try (ApiServer server = stack.serve(access())) {
            assertThat(send(server, "GET", "/api/v1/health/live", Optional.empty())
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> none = send(server, "GET", "/no/such/path", Optional.empty());
            assertThat(none.statusCode()).isEqualTo(401);
            assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"changeover\"");
            assertThat(none.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith(Problem.MEDIA_TYPE));
            assertThat(send(server, "GET", "/api/v1/health/../migrations", Optional.empty())
                            .statusCode())
                    .isNotEqualTo(200);
            assertThat(send(server, "GET", "/api/v1/health;x/", Optional.empty())
                            .statusCode())
                    .isNotEqualTo(200);
        }
    }

    @Test
    void aRefusalNamesTheRoleAndTheAuditTheCaller(SharedStack stack, Databases databases) throws Exception {
        String path = "/api/v1/migrations/" + databases.migration();
        String spec = MigrationSpecJson.write(stack.spec(databases, SchemaMode.COPY));
        try (ApiServer server = stack.serve(access())) {
            HttpResponse<String> refused = send(server, "PUT", path, Optional.of(tokens.get(Role.VIEWER)), spec);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("needs the role operator", "viewer-1 has the role viewer");
            assertThat(send(server, "GET", path, Optional.of(tokens.get(Role.VIEWER)))
                            .statusCode())
                    .isEqualTo(404);

            assertThat(send(server, "PUT", path, Optional.of(tokens.get(Role.OPERATOR)), spec)
                            .statusCode())
                    .isEqualTo(201);
            assertThat(send(server, "GET", path + "/audit", Optional.of(tokens.get(Role.VIEWER)))
                            .body())
                    .contains("\"who\":\"operator-1\"");
            assertThat(send(server, "DELETE", path, Optional.of(tokens.get(Role.APPROVER)))
                            .statusCode())
                    .isEqualTo(204);
        }
    }

    @Test
    void tokensAreRotatedByTheirFile(SharedStack stack) throws Exception {
        Path file = Files.createFile(
                directory.resolve("tokens"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, tokens.get(Role.VIEWER).line().text());
        Access access = new Access(List.of(TokenFile.open(file)), Set.of(), Optional.empty());
        try (ApiServer server = stack.serve(access)) {
            assertThat(migrations(server, Role.VIEWER)).isEqualTo(200);
            Files.writeString(file, tokens.get(Role.OPERATOR).line().text());
            assertThat(migrations(server, Role.VIEWER)).isEqualTo(401);
            assertThat(migrations(server, Role.OPERATOR)).isEqualTo(200);
            Files.writeString(file, "nonsense");
            assertThat(migrations(server, Role.OPERATOR)).isEqualTo(503);
        }
    }

    private int migrations(ApiServer server, Role role) throws Exception {
        return send(server, "GET", "/api/v1/migrations", Optional.of(tokens.get(role)))
                .statusCode();
    }

    @Test
    void everyAnswerHasTheHeadersThatBrowsersObey(SharedStack stack) throws Exception {
        URI open = stack.api().uri();
        for (String path : List.of("/api/v1/migrations", "/api/v1/migrations/none", "/api/v1/health")) {
            HttpResponse<String> answer =
                    http.send(HttpRequest.newBuilder(open.resolve(path)).build(), BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(
                            policy -> assertThat(policy).contains("default-src 'self'", "frame-ancestors 'none'"));
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
            assertThat(answer.headers().firstValue("Server")).isEmpty();
        }
    }

    @Test
    void requestsThatAStrangersPageCouldSendAreRefused(SharedStack stack) throws Exception {
        URI uri = stack.api().uri();
        String host = uri.getHost() + ":" + uri.getPort();

        assertThat(raw(uri, "GET /api/v1/migrations HTTP/1.1", "Host: evil.example"))
                .startsWith("HTTP/1.1 421");
        assertThat(raw(uri, "GET /api/v1/health HTTP/1.1", "Host: evil.example:" + uri.getPort()))
                .startsWith("HTTP/1.1 421");
        assertThat(raw(uri, "POST /api/v1/migrations HTTP/1.1", "Host: " + host, "Origin: http://evil.example"))
                .startsWith("HTTP/1.1 403");
        assertThat(raw(
                        uri,
                        "POST /api/v1/migrations HTTP/1.1",
                        "Host: " + host,
                        "Content-Type: text/plain",
                        "Content-Length: 2"))
                .startsWith("HTTP/1.1 415");
        assertThat(raw(
                        uri,
                        "POST /api/v1/migrations HTTP/1.1",
                        "Host: " + host,
                        "Content-Type: application/json",
                        "Content-Length: 1048577"))
                .startsWith("HTTP/1.1 413");
        assertThat(raw(
                        uri,
                        "POST /api/v1/migrations HTTP/1.1",
                        "Host: " + host,
                        "Content-Type: application/json",
                        "Transfer-Encoding: chunked"))
                .startsWith("HTTP/1.1 411");
        assertThat(raw(uri, "GET /api/v1/migrations HTTP/1.1", "Host: " + host, "X-Long: " + "x".repeat(20_000)))
                .startsWith("HTTP/1.1 431");
    }

    private Access access() {
        return new Access(tokens.values().stream().map(NewToken::authenticator).toList(), Set.of(), Optional.empty());
    }

    /** Only the beginning of the answer: that of the events has no end. */
    private int ask(ApiServer server, Route route, Optional<NewToken> token) throws Exception {
        String path = route.template().replace("{}", "none");
        HttpResponse<InputStream> answer =
                http.send(request(server, route.method(), path, token, ""), BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    private HttpResponse<String> send(ApiServer server, String method, String path, Optional<NewToken> token)
            throws Exception {
        return send(server, method, path, token, "");
    }

    private HttpResponse<String> send(
            ApiServer server, String method, String path, Optional<NewToken> token, String body) throws Exception {
        return http.send(request(server, method, path, token, body), BodyHandlers.ofString());
    }

    private static HttpRequest request(
            ApiServer server, String method, String path, Optional<NewToken> token, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        token.ifPresent(given -> request.header("Authorization", "Bearer " + given.token()));
        return request.build();
    }

    /** The beginning of the answer to lines as they are. */
    private static String raw(URI uri, String... lines) throws IOException {
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            return new String(answer.readNBytes(64), StandardCharsets.ISO_8859_1);
        }
    }
}
