package io.changeover.kafka;

import io.changeover.spec.Secrets;
import io.changeover.spec.UnresolvedSecret;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.security.JaasContext;

/**
 * The one place where properties of Kafka clients come from. References are looked up each time, so that a client that
 * is made later logs in with a password that was changed meanwhile. Safe for use by several threads.
 */
public final class KafkaClients {

    private static final String LOGIN = "sasl.jaas.config";

    private final String bootstrapServers;
    private final KafkaSettings settings;
    private final Secrets secrets;

    /**
     * Clients of a cluster.
     *
     * @param bootstrapServers {@code host:port}, several separated by commas
     * @param secrets for the references in the settings
     */
    public KafkaClients(String bootstrapServers, KafkaSettings settings, Secrets secrets) {
        this.bootstrapServers = bootstrapServers;
        this.settings = settings;
        this.secrets = secrets;
    }

    /** Clients that neither encrypt nor say who they are, as of a broker in this process. */
    public static KafkaClients plain(String bootstrapServers) {
        return new KafkaClients(bootstrapServers, KafkaSettings.NONE, new Secrets(Map.of()));
    }

    /** {@code host:port}, several separated by commas. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /**
     * The properties of a client.
     *
     * @param own what this client has besides
     * @throws KafkaException if a reference leads nowhere, or what it leads to makes no login
     */
    public Map<String, Object> config(Map<String, ?> own) {
        Map<String, Object> config = new HashMap<>(own);
        config.put("bootstrap.servers", bootstrapServers);
        settings.properties().forEach((name, value) -> config.put(name, resolved(name, value)));
        requireLogin(config);
        return config;
    }

    private String resolved(String name, String value) {
        try {
            return secrets.expand(value);
        } catch (UnresolvedSecret e) {
            throw new KafkaException("CO-2103: " + name + " in " + settings.origin() + ": " + e.reason());
        }
    }

    /** Kafka's own message could have a part of the password. */
    private void requireLogin(Map<String, Object> config) {
        if (!config.containsKey(LOGIN)) {
            return;
        }
        Map<String, Object> values = AdminClientConfig.configDef().parse(config);
        try {
            JaasContext.loadClientContext(values);
        } catch (RuntimeException e) {
            throw new KafkaException("CO-2103: " + LOGIN + " in " + settings.origin() + " is none that Kafka can read:"
                    + " it is LoginModuleClass required option=\"value\" …; with a semicolon at the end. In a secret that"
                    + " it refers to, a quotation mark is written \\\" and a backslash \\\\");
        }
    }

    /** Why the cluster refuses, and what to do; what failed is the exception's own message otherwise. */
    public String explain(Throwable failure) {
        return Refusal.of(failure)
                .map(refusal -> refusal.words(bootstrapServers, settings))
                .orElseGet(() -> String.valueOf(failure.getMessage()));
    }

    /** Without anything that could be a secret. */
    @Override
    public String toString() {
        return bootstrapServers + " " + settings;
    }
}
