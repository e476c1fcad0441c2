package io.changeover.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that gives the answers it was told to give. */
@Timeout(30)
class ConnectClientTest {

    private record Reply(int status, String body) {}

    private final Queue<Reply> replies = new ArrayDeque<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private ConnectClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        client = new ConnectClient("http://127.0.0.1:" + server.getAddress().getPort() + "//");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add((exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body).strip());
        Reply reply = replies.remove();
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Test
    void rebalanceAndServerErrorAreAskedAgain() {
        replies.addAll(List.of(
                new Reply(409, "{\"message\":\"rebalance\"}"), new Reply(500, "not even JSON"), new Reply(200, "{}")));

        client.put("a b", Map.of("k", "v"));

        assertThat(requests).hasSize(3).containsOnly("PUT /connectors/a%20b/config {\"k\":\"v\"}");
    }

    @Test
    void whatIsNotThereIsEmpty() {
        replies.addAll(List.of(new Reply(404, "{}"), new Reply(404, "{}"), new Reply(404, "{}")));

        assertThat(client.status("none")).isEmpty();
        assertThat(client.hasOffset("none")).isFalse();
        client.delete("none");
    }

    @Test
    void refusalIsNotAskedAgain() {
        replies.add(new Reply(400, "{\"error_code\":400,\"message\":\"Missing required configuration\"}"));

        assertThatThrownBy(() -> client.put("c", Map.of()))
                .isInstanceOf(ConnectFailure.class)
                .hasMessageContaining("400 Missing required configuration")
                .satisfies(failure ->
                        assertThat(((ConnectFailure) failure).isTemporary()).isFalse());
        assertThat(requests).hasSize(1);
    }

    /** As when the control plane is closed while Connect is down. */
    @Test
    void interruptEndsTheWaitAndIsNotForgotten() {
        for (int i = 0; i < 10; i++) {
            replies.add(new Reply(500, "{}"));
        }
        Thread caller = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            await().until(() -> requests.size() >= 2);
            caller.interrupt();
        });
        interrupter.start();

        assertThatThrownBy(() -> client.status("c"))
                .isInstanceOf(ConnectFailure.class)
                .hasMessageContaining("Interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    /** A page of a proxy, for example. */
    @Test
    void refusalThatIsNotJsonIsToldAsItIs() {
        replies.add(new Reply(403, "<html>forbidden</html>"));

        assertThatThrownBy(() -> client.status("c"))
                .isInstanceOf(ConnectFailure.class)
                .hasMessageContaining("403 <html>forbidden</html>");
    }

    @Test
    void statusHasTheTasksAndTheirFailure() {
        replies.add(new Reply(200, """
                {"name": "c", "connector": {"state": "RUNNING", "worker_id": "w"}, "tasks": [
                  {"id": 0, "state": "RUNNING", "worker_id": "w"},
                  {"id": 1, "state": "FAILED", "worker_id": "w",
                   "trace": "org.apache.kafka.connect.errors.ConnectException: CO-2002: gone\\n\\tat x"}]}"""));

        ConnectorStatus status = client.status("c").orElseThrow();

        assertThat(status.failed()).isTrue();
        assertThat(status.running()).isFalse();
        assertThat(status.cause()).isEqualTo("CO-2002: gone");
    }

    @Test
    void connectorWithoutATaskDoesNotRunYet() {
        replies.add(new Reply(200, "{\"connector\": {\"state\": \"RUNNING\"}, \"tasks\": []}"));

        assertThat(client.status("c").orElseThrow().running()).isFalse();
    }

    @Test
    void offsetIsThereWhenConnectHasStoredOne() {
        replies.addAll(List.of(
                new Reply(200, "{\"offsets\": []}"), new Reply(200, "{\"offsets\": [{\"offset\": {\"lsn\": 1}}]}")));

        assertThat(client.hasOffset("c")).isFalse();
        assertThat(client.hasOffset("c")).isTrue();
    }

    @Test
    void restartIsOfWhatFailedOnly() {
        replies.add(new Reply(204, ""));

        client.restartFailed("c");

        assertThat(requests).containsExactly("POST /connectors/c/restart?includeTasks=true&onlyFailed=true");
    }

    @Test
    void offsetIsSetWhileTheConnectorIsStopped() {
        replies.addAll(List.of(new Reply(201, "{}"), new Reply(200, "{}"), new Reply(202, "")));

        client.createStopped("c", Map.of("k", "v"));
        client.setOffset("c", Map.of("server", "s"), "{\"lsn\":9007199254740993}");
        client.resume("c");

        assertThat(requests)
                .element(0)
                .asString()
                .startsWith("POST /connectors {")
                .contains("\"initial_state\":\"STOPPED\"", "\"name\":\"c\"", "\"config\":{\"k\":\"v\"}");
        assertThat(requests)
                .element(1)
                .isEqualTo("PATCH /connectors/c/offsets "
                        + "{\"offsets\":[{\"partition\":{\"server\":\"s\"},\"offset\":{\"lsn\":9007199254740993}}]}");
        assertThat(requests).element(2).isEqualTo("PUT /connectors/c/resume");
    }

    @Test
    void offsetIsAsConnectHasIt() {
        replies.addAll(List.of(
                new Reply(200, "{\"offsets\": []}"),
                new Reply(200, "{\"offsets\": [{\"partition\": {}, \"offset\": {\"lsn\": 9007199254740993}}]}")));

        assertThat(client.offset("c")).isEmpty();
        assertThat(client.offset("c")).contains("{\"lsn\":9007199254740993}");
    }
}
