package io.changeover.kafka;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Why Kafka does not do what a client asks.
 *
 * @param kind which of the reasons that a person can mend
 * @param message Kafka's own
 */
record Refusal(Kind kind, String message) {

    private static final String FALLBACK = "--kafka-config, which was not given";

    /** What a person can mend. */
    enum Kind {
        LOGIN,
        TLS,
        RIGHTS,
        SILENCE
    }

    /** The first of an exception's causes that says it; empty if none does. */
    static Optional<Refusal> of(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .flatMap(cause ->
                        kind(cause).map(kind -> new Refusal(kind, String.valueOf(cause.getMessage()))).stream())
                .findFirst();
    }

    private static Optional<Kind> kind(Throwable cause) {
        if (cause instanceof SaslAuthenticationException) {
            return Optional.of(Kind.LOGIN);
        }
        if (cause instanceof SslAuthenticationException) {
            return Optional.of(Kind.TLS);
        }
        if (cause instanceof AuthorizationException) {
            return Optional.of(Kind.RIGHTS);
        }
        return cause instanceof TimeoutException ? Optional.of(Kind.SILENCE) : Optional.empty();
    }

    String words(String bootstrapServers, KafkaSettings settings) {
        String file = settings.origin().isEmpty() ? FALLBACK : settings.origin();
        String protocol = settings.properties().getOrDefault("security.protocol", "PLAINTEXT");
        String kafka = "Kafka at " + bootstrapServers + " ";
        return switch (kind) {
            case LOGIN ->
                "CO-2100: " + kafka + "does not let the control plane in (" + message
                        + "). Check sasl.jaas.config (user," + " password) and sasl.mechanism in " + file
                        + ", and that the user is there";
            case TLS ->
                "CO-2101: " + kafka + "makes no encrypted connection (" + message + "). Check security.protocol ("
                        + protocol + "), ssl.truststore.location and, where certificates are asked for,"
                        + " ssl.keystore.location in " + file + ", and that the broker's certificate has its name";
            case RIGHTS ->
                "CO-2102: " + kafka + "lets the control plane in and does not let it do this (" + message + ")."
                        + " docs/deploy.md has the rights that it needs";
            case SILENCE ->
                "CO-2104: " + kafka + "does not answer (" + message
                        + "). Check that it runs and can be reached from here"
                        + " under the addresses that it advertises, and that security.protocol in " + file
                        + " (now " + protocol + ") is that of the listener";
        };
    }
}
