package io.changeover.hook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.changeover.contract.Version;
import io.changeover.hook.HookResult.End;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a URL by POST. Redirects are not followed, and of the answer no more is read than is shown. */
final class WebHook {

    private static final Logger LOG = LoggerFactory.getLogger(WebHook.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final int SHOWN = 1000;

    private final HttpClient http;
    private final HookCall call;
    private final Map<String, String> headers;
    private final Limit limit;

    /**
     * A request.
     *
     * @param headers with what their references lead to
     */
    WebHook(HttpClient http, HookCall call, Map<String, String> headers, Limit limit) {
        this.http = http;
        this.call = call;
        this.headers = headers;
        this.limit = limit;
    }

    /** Waits for the answer. */
    HookResult run() throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer;
        try {
            answer = http.sendAsync(request(), shown -> new LimitedBody(SHOWN));
        } catch (IllegalArgumentException e) {
            return new HookResult(End.FAILED, "a header has a value that no header can have", "");
        }
        try {
            return await(answer);
        } finally {
            answer.cancel(true);
        }
    }

    private HttpRequest request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(call.spec().url().orElseThrow()))
                .timeout(limit.timeout())
                .header("Content-Type", "application/json")
                .header("User-Agent", "changeover/" + Version.current())
                .header("Idempotency-Key", call.facts().getOrDefault(HookCall.KEY, ""));
        headers.forEach(request::setHeader);
        return request.POST(HttpRequest.BodyPublishers.ofString(body())).build();
    }

    private String body() {
        try {
            return JSON.writeValueAsString(call.body());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts can be written as JSON", e);
        }
    }

    private HookResult await(CompletableFuture<HttpResponse<byte[]>> answer) throws InterruptedException {
        long deadline = System.nanoTime() + limit.timeout().toNanos();
        while (true) {
            try {
                return result(answer.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
            } catch (ExecutionException e) {
                LOG.warn("The hook {} was not answered", call.spec().name(), e);
                return new HookResult(End.FAILED, "not answered: " + reason(e), "");
            } catch (TimeoutException e) {
                Optional<String> over = limit.over().get();
                if (over.isPresent()) {
                    return new HookResult(End.CANCELLED, "ended: " + over.get(), "");
                }
                if (System.nanoTime() - deadline > 0) {
                    return new HookResult(
                            End.TIMED_OUT, "not answered in " + limit.timeout().toMillis() + " ms", "");
                }
            }
        }
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getClass().getSimpleName() + (cause.getMessage() == null ? "" : " " + cause.getMessage());
    }

    private HookResult result(HttpResponse<byte[]> answer) {
        Output output = new Output();
        InputStream body = new ByteArrayInputStream(answer.body());
        output.readAll(body);
        boolean good = answer.statusCode() / 100 == 2;
        return new HookResult(
                good ? End.DONE : End.FAILED, "status " + answer.statusCode(), output.text(call.secrets()));
    }
}
