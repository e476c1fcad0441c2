package io.changeover.access;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who comes in: authentication, and how often anybody may ask. Safe for use by several threads. */
public final class Gate {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private static final String BEARER = "Bearer ";
    private static final int LONGEST_TOKEN = 8192;

    /** What comes of a request. */
    public sealed interface Answer {

        /** It goes on. */
        record Admitted(Caller caller) implements Answer {}

        /** It ends. */
        record Refused(Refusal refusal) implements Answer {}
    }

    private final List<Authenticator> authenticators;
    private final RateLimit reads;
    private final RateLimit writes;
    private final RateLimit failures;

    /**
     * A gate.
     *
     * @param authenticators who know callers; if there are none, everybody is let in
     */
    public Gate(List<Authenticator> authenticators, Clock clock) {
        this.authenticators = List.copyOf(authenticators);
        reads = new RateLimit(clock, 2000, 500);
        writes = new RateLimit(clock, 200, 20);
        failures = new RateLimit(clock, 50, 1);
    }

    /**
     * Lets a request in or not.
     *
     * @param authorization the header
     * @param address whose limits count while nobody knows who it is
     * @param reading whether it changes nothing
     */
    public Answer ask(Optional<String> authorization, String address, boolean reading) {
        if (authenticators.isEmpty()) {
            return limited(Caller.ANYBODY, address, reading);
        }
        try {
            Optional<Caller> caller = authorization.flatMap(Gate::token).flatMap(this::known);
            return caller.isPresent() ? limited(caller.get(), caller.get().name(), reading) : unknown(address);
        } catch (AuthenticationUnavailable e) {
            LOG.error("Nobody is let in: {}", e.getMessage());
            return new Answer.Refused(Refusal.of(
                    503, "Service unavailable", "The control plane cannot tell who may come in; its log says why"));
        }
    }

    private static Optional<String> token(String authorization) {
        boolean bearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return Optional.of(authorization)
                .filter(header -> bearer && header.length() <= LONGEST_TOKEN)
                .map(header -> header.substring(BEARER.length()).strip());
    }

    private Optional<Caller> known(String token) {
        for (Authenticator authenticator : authenticators) {
            Optional<Caller> caller = authenticator.caller(token);
            if (caller.isPresent()) {
                return caller;
            }
        }
        return Optional.empty();
    }

    private Answer limited(Caller caller, String key, boolean reading) {
        Optional<Duration> wait = (reading ? reads : writes).take(key);
        return wait.isPresent() ? tooMany(wait.get()) : new Answer.Admitted(caller);
    }

    private Answer unknown(String address) {
        Optional<Duration> wait = failures.take(address);
        return wait.isPresent()
                ? tooMany(wait.get())
                : new Answer.Refused(new Refusal(
                        401,
                        "Unauthorized",
                        "Send Authorization: Bearer TOKEN with a token that this control plane knows",
                        Map.of("WWW-Authenticate", "Bearer realm=\"changeover\"")));
    }

    private static Answer tooMany(Duration wait) {
        long seconds = Math.max(1, (wait.toMillis() + 999) / 1000);
        return new Answer.Refused(new Refusal(
                429,
                "Too many requests",
                "Ask again in " + seconds + " s, and more seldom",
                Map.of("Retry-After", String.valueOf(seconds))));
    }
}
