package io.changeover.hook;

import io.changeover.hook.HookResult.End;
import io.changeover.spec.Secrets;
import io.changeover.spec.UnresolvedSecret;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs hooks, within what is allowed. Safe for several threads. */
public final class Hooks {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HookScope scope;
    private final Secrets secrets;
    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /**
     * Hooks of a control plane.
     *
     * @param scope what is allowed, which is asked again each time
     * @param secrets what references of headers lead to
     */
    public Hooks(HookScope scope, Secrets secrets) {
        this.scope = scope;
        this.secrets = secrets;
    }

    /** What is allowed. */
    public HookScope scope() {
        return scope;
    }

    /** Runs a hook and waits for its end, which comes in its time. */
    public HookResult run(HookCall call, Limit limit) throws InterruptedException {
        Optional<String> refusal = scope.refusal(call.spec());
        if (refusal.isPresent()) {
            return new HookResult(End.FAILED, refusal.get(), "");
        }
        if (call.spec().url().isEmpty()) {
            return new CommandHook(call, limit).run();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        try {
            call.spec().headers().forEach((name, reference) -> headers.put(name, secrets.resolve(reference)));
        } catch (UnresolvedSecret e) {
            return new HookResult(End.FAILED, "a header's value cannot be found: " + e.reason(), "");
        }
        List<String> hidden = new ArrayList<>(call.secrets());
        hidden.addAll(headers.values());
        return new WebHook(http, new HookCall(call.spec(), call.facts(), hidden), headers, limit).run();
    }
}
