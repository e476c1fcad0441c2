package io.changeover.embedded;

import io.changeover.access.PemPair;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A broker and a Connect worker as in production: the only listener for clients is encrypted and asks for a password,
 * and every user but the broker and the worker has only the rights that somebody gave.
 */
public final class SecuredCluster implements AutoCloseable {

    /** A user without any right, and his password. */
    public static final String STRANGER = "stranger";

    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    private final Path directory;
    private final EmbeddedBroker broker;
    private final EmbeddedWorker worker;

    private SecuredCluster(Path directory, EmbeddedBroker broker, EmbeddedWorker worker) {
        this.directory = directory;
        this.broker = broker;
        this.worker = worker;
    }

    /**
     * Starts both.
     *
     * @param user somebody besides, without any right until he gets one
     */
    public static SecuredCluster start(Path directory, String user, String password) throws Exception {
        PemPair pair = PemPair.in(directory);
        Path store = Files.writeString(
                directory.resolve("broker.pem"),
                Files.readString(pair.files().key())
                        + Files.readString(pair.files().certificate()));
        EmbeddedBroker broker = EmbeddedBroker.start(
                directory.resolve("broker"),
                Map.of(
                        "listener.security.protocol.map", "BROKER:SASL_SSL,CONTROLLER:PLAINTEXT",
                        "sasl.mechanism.inter.broker.protocol", "PLAIN",
                        "listener.name.broker.sasl.enabled.mechanisms", "PLAIN",
                        "listener.name.broker.plain.sasl.jaas.config",
                                LOGIN + "username=\"broker\" password=\"b\" user_broker=\"b\" user_worker=\"w\" user_"
                                        + STRANGER + "=\"" + STRANGER + "\" user_" + user + "=\"" + password + "\";",
                        "ssl.keystore.type", "PEM",
                        "ssl.keystore.location", store.toString(),
                        "ssl.truststore.type", "PEM",
                        "ssl.truststore.location", pair.files().certificate().toString(),
                        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users", "User:broker;User:worker;User:ANONYMOUS"));
        try {
            Map<String, String> settings = new HashMap<>();
            client(directory, "worker", "w").forEach((name, value) -> {
                for (String prefix : List.of("", "producer.", "consumer.", "admin.")) {
                    settings.put(prefix + name, value);
                }
            });
            return new SecuredCluster(
                    directory,
                    broker,
                    EmbeddedWorker.start(directory.resolve("worker"), broker.bootstrapServers(), settings));
        } catch (IOException | RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /**
     * How somebody comes in.
     *
     * @param password or a reference of it
     */
    public static Map<String, String> client(Path directory, String user, String password) {
        return Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", LOGIN + "username=\"" + user + "\" password=\"" + password + "\";",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", directory.resolve("tls.crt").toString());
    }

    /** What the broker itself is let in with, which may do everything. */
    public Map<String, Object> administrator() {
        Map<String, Object> config = new HashMap<>(client(directory, "broker", "b"));
        config.put("bootstrap.servers", bootstrapServers());
        return config;
    }

    /** Gives a user the right to do something with what has a name, or a name that begins so. */
    public void allow(String user, ResourceType type, String name, PatternType pattern, AclOperation... operations)
            throws Exception {
        try (Admin admin = Admin.create(administrator())) {
            for (AclOperation operation : operations) {
                AclBinding binding = new AclBinding(
                        new ResourcePattern(type, name, pattern),
                        new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
                admin.createAcls(List.of(binding)).all().get();
            }
        }
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    public URI connectUri() {
        return worker.uri();
    }

    @Override
    public void close() {
        worker.close();
        broker.close();
    }
}
