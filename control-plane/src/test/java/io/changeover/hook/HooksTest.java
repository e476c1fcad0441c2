package io.changeover.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.changeover.hook.HookResult.End;
import io.changeover.spec.HookFailure;
import io.changeover.spec.HookMoment;
import io.changeover.spec.HookSpec;
import io.changeover.spec.HookStep;
import io.changeover.spec.Secrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real programs, and a real server. */
@Timeout(60)
class HooksTest {

    private static final Duration LONG = Duration.ofSeconds(50);
    private static final String SECRET = "Bearer s3cret-of-the-hook";

    @TempDir
    private Path directory;

    @Test
    void aProgramFindsWhatItIsToldInItsEnvironmentAndNothingElse() throws Exception {
        HookResult result = run(script("env | sort; cat"), LONG, Optional::empty, "quoted \"and\" 'spaced'");

        assertThat(result.end()).isEqualTo(End.DONE);
        assertThat(result.what()).isEqualTo("exit code 0");
        assertThat(result.output().lines().map(line -> line.substring(0, line.indexOf('='))))
                .contains("CHANGEOVER_STEP", "CHANGEOVER_IDEMPOTENCY_KEY", "PATH", "LANG")
                .isSubsetOf(
                        "CHANGEOVER_STEP", "CHANGEOVER_IDEMPOTENCY_KEY", "PATH", "LANG", "PWD", "SHLVL", "_", "OLDPWD");
        assertThat(result.output()).contains("CHANGEOVER_STEP=fence");
    }

    @Test
    void argumentsAreNoShellsBusiness() throws Exception {
        Path made = directory.resolve("made");

        HookResult result =
                run(script("printf '[%s]' \"$@\""), LONG, Optional::empty, "a b", "$(touch " + made + ")", "*");

        assertThat(result.output()).isEqualTo("[a b][$(touch " + made + ")][*]");
        assertThat(made).doesNotExist();
    }

    @Test
    void anotherExitCodeIsAFailureAndShowsTheBeginningOfWhatWasWritten() throws Exception {
        HookResult result = run(
                script("echo 'password: s3cret-of-the-pair'; echo why >&2; yes | head -c 300000; exit 7"),
                LONG,
                Optional::empty);

        assertThat(result.end()).isEqualTo(End.FAILED);
        assertThat(result.what()).isEqualTo("exit code 7");
        assertThat(result.output()).startsWith("password: (hidden)\nwhy\ny\n").hasLineCount(10);
    }

    @Test
    void aProgramWhoseTimeIsOverIsEndedWithWhatItHasStarted() throws Exception {
        Path pids = directory.resolve("pids");

        HookResult result = run(
                script("(sh -c 'echo $$ >> " + pids + "; sleep 1000; :' &)\nsleep 1000 &\necho $! >> " + pids
                        + "\nwhile [ $(wc -l < " + pids + ") -lt 2 ]; do :; done; echo begun; wait"),
                Duration.ofSeconds(2),
                Optional::empty);

        assertThat(result.end()).isEqualTo(End.TIMED_OUT);
        assertThat(result.what()).isEqualTo("ended after 2000 ms");
        List<String> started = Files.readAllLines(pids);
        assertThat(started).hasSize(2);
        await("the end of " + started)
                .until(() -> started.stream()
                        .noneMatch(pid -> ProcessHandle.of(Long.parseLong(pid))
                                .filter(ProcessHandle::isAlive)
                                .isPresent()));
    }

    @Test
    void aProgramEndsWithTheCutover() throws Exception {
        Path begun = directory.resolve("begun");

        HookResult result = run(
                script("touch " + begun + "; sleep 1000"),
                LONG,
                () -> Files.exists(begun) ? Optional.of("Aborted by somebody") : Optional.empty());

        assertThat(result.end()).isEqualTo(End.CANCELLED);
        assertThat(result.what()).contains("Aborted by somebody");
    }

    @Test
    void aServiceThatAProgramLeavesRunningHoldsNobodyUp() throws Exception {
        Path pid = directory.resolve("pid");

        HookResult result = run(script("sleep 1000 & echo $! > " + pid), LONG, Optional::empty);

        assertThat(result.end()).isEqualTo(End.DONE);
        ProcessHandle service =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        assertThat(service.isAlive()).isTrue();
        service.destroyForcibly();
    }

    @Test
    void aWebhookIsToldByPostWithItsHeadersAndTheAnswerHidesThem() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Server server = new Server(exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            asked.add(body);
            answer(exchange, 200, "you said " + exchange.getRequestHeaders().getFirst("Authorization"));
        })) {
            HookResult result = tell(server, "/hooks/a", LONG, Optional::empty);

            assertThat(result.end()).isEqualTo(End.DONE);
            assertThat(result.what()).isEqualTo("status 200");
            assertThat(result.output()).isEqualTo("you said (hidden)");
            assertThat(asked.get(0)).isEqualTo("POST " + SECRET + " shop/shop/1");
            assertThat(new JsonMapper().readTree(asked.get(1)).toString())
                    .isEqualTo("{\"step\":\"fence\",\"idempotencyKey\":\"shop/shop/1\"}");
        }
    }

    @Test
    void anythingButSuccessIsAFailureAndARedirectIsNotFollowed() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (Server server = new Server(exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            exchange.getResponseHeaders().set("Location", "/hooks/elsewhere");
            answer(exchange, exchange.getRequestURI().getPath().equals("/hooks/moved") ? 307 : 503, "no");
        })) {
            assertThat(tell(server, "/hooks/moved", LONG, Optional::empty).what())
                    .isEqualTo("status 307");
            assertThat(tell(server, "/hooks/down", LONG, Optional::empty))
                    .isEqualTo(new HookResult(End.FAILED, "status 503", "no"));
            assertThat(asked).containsExactly("/hooks/moved", "/hooks/down");
        }
    }

    @Test
    void anAnswerWithoutAnEndIsReadOnlyAsFarAsItIsShown() throws Exception {
        try (Server server = new Server(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] line = "x".repeat(99).concat("\n").getBytes(StandardCharsets.UTF_8);
            try {
                while (true) {
                    exchange.getResponseBody().write(line);
                }
            } catch (IOException e) {
                exchange.close(); // nobody reads on
            }
        })) {
            assertThat(tell(server, "/hooks/endless", LONG, Optional::empty).end())
                    .isEqualTo(End.DONE);
        }
    }

    @Test
    void aWebhookThatDoesNotAnswerIsNotWaitedFor() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Server server = new Server(exchange -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        })) {
            assertThat(tell(server, "/hooks/a", Duration.ofMillis(300), Optional::empty)
                            .end())
                    .isIn(End.TIMED_OUT, End.FAILED);
            assertThat(tell(server, "/hooks/a", LONG, () -> Optional.of("it is over"))
                            .end())
                    .isEqualTo(End.CANCELLED);
            never.countDown();
        }
    }

    @Test
    void whatIsNotAllowedIsNotBegun() throws Exception {
        Path program = script("touch " + directory.resolve("made"));

        HookResult result = new Hooks(HookScope.NOTHING, new Secrets(Map.of()))
                .run(call(command(program)), new Limit(LONG, Optional::empty));

        assertThat(result.end()).isEqualTo(End.FAILED);
        assertThat(result.what()).contains("--hook-paths");
        assertThat(directory.resolve("made")).doesNotExist();
    }

    private Path script(String text) throws IOException {
        Path program = Files.createTempFile(directory, "hook", ".sh");
        Files.writeString(program, "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private HookResult run(Path program, Duration timeout, Supplier<Optional<String>> over, String... arguments)
            throws InterruptedException {
        return new Hooks(HookScope.of(List.of(directory), List.of()), new Secrets(Map.of()))
                .run(call(command(program, arguments)), new Limit(timeout, over));
    }

    private static HookSpec command(Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return HookSpec.command("a", HookMoment.BEFORE, HookStep.FENCE, command, LONG, HookFailure.VETO);
    }

    private static HookResult tell(Server server, String path, Duration timeout, Supplier<Optional<String>> over)
            throws InterruptedException {
        HookSpec spec = new HookSpec(
                "a",
                HookMoment.BEFORE,
                HookStep.FENCE,
                List.of(),
                Optional.of(server.uri() + path),
                Map.of("Authorization", "${env:HOOK}"),
                LONG,
                HookFailure.VETO,
                Optional.empty());
        return new Hooks(HookScope.of(List.of(), List.of(server.uri() + "/hooks")), new Secrets(Map.of("HOOK", SECRET)))
                .run(call(spec), new Limit(timeout, over));
    }

    private static HookCall call(HookSpec spec) {
        java.util.LinkedHashMap<String, String> facts = new java.util.LinkedHashMap<>();
        facts.put("step", "fence");
        facts.put(HookCall.KEY, "shop/shop/1");
        return new HookCall(spec, facts, List.of("s3cret-of-the-pair"));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Answers on this machine. */
    private static final class Server implements AutoCloseable {

        private interface Handler {
            void handle(HttpExchange exchange) throws IOException;
        }

        private final HttpServer http;

        Server(Handler handler) throws IOException {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            http.createContext("/", handler::handle);
            http.setExecutor(task -> {
                Thread thread = new Thread(task, "hook-test");
                thread.setDaemon(true);
                thread.start();
            });
            http.start();
        }

        String uri() {
            return "http://127.0.0.1:" + http.getAddress().getPort();
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }
}
