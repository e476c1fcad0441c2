package io.changeover.sink;

import io.changeover.postgres.ServerSettings;
import io.changeover.sink.failure.Retries;
import io.changeover.sink.group.BufferLimits;
import io.changeover.sink.guard.GuardMode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The sink's settings.
 *
 * @param stream the topic, whose name is the stream's
 * @param target where to write
 * @param limits how much is held and grouped
 * @param guard how foreign keys, triggers and rules are kept quiet
 * @param maxRetries attempts after a failure, {@link Retries#UNLIMITED} for no end
 * @param retryBackoff the first waiting time
 */
record SinkConfig(
        String stream,
        ServerSettings target,
        BufferLimits limits,
        GuardMode guard,
        int maxRetries,
        Duration retryBackoff) {

    static final String TOPICS = "topics";
    static final String HOST = "connection.host";
    static final String PORT = "connection.port";
    static final String DATABASE = "connection.database";
    static final String USER = "connection.user";
    static final String PASSWORD = "connection.password";
    static final String SSL_MODE = "connection.ssl.mode";
    static final String SSL_ROOT_CERT = "connection.ssl.root.cert";
    static final String BATCH_SIZE = "batch.size";
    static final String BUFFER_CHANGES = "transaction.buffer.changes";
    static final String BUFFER_BYTES = "transaction.buffer.bytes";
    static final String CONSTRAINT_GUARD = "constraint.guard";
    static final String MAX_RETRIES = "max.retries";
    static final String RETRY_BACKOFF_MS = "retry.backoff.ms";

    static final ConfigDef DEFINITION = new ConfigDef()
            .define(
                    TOPICS,
                    ConfigDef.Type.LIST,
                    ConfigDef.NO_DEFAULT_VALUE,
                    oneTopic(),
                    ConfigDef.Importance.HIGH,
                    "The change topic to apply, exactly one. Its name is the name of the stream in the target's ledger.")
            .define(
                    HOST,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    notEmpty(),
                    ConfigDef.Importance.HIGH,
                    "The target's host.")
            .define(
                    PORT,
                    ConfigDef.Type.INT,
                    5432,
                    ConfigDef.Range.between(1, 65535),
                    ConfigDef.Importance.MEDIUM,
                    "The target's TCP port.")
            .define(
                    DATABASE,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    notEmpty(),
                    ConfigDef.Importance.HIGH,
                    "The database to write to.")
            .define(
                    USER,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    notEmpty(),
                    ConfigDef.Importance.HIGH,
                    "The role that writes. It must be allowed to write to the tables, to create the schema changeover,"
                            + " and to set session_replication_role or else own the tables (see constraint.guard).")
            .define(
                    PASSWORD,
                    ConfigDef.Type.PASSWORD,
                    "",
                    ConfigDef.Importance.HIGH,
                    "The role's password. Use a configuration provider (${file:…}, ${env:…}), or Connect's REST shows it.")
            .define(
                    SSL_MODE,
                    ConfigDef.Type.STRING,
                    "verify-full",
                    ConfigDef.ValidString.in("disable", "require", "verify-ca", "verify-full"),
                    ConfigDef.Importance.MEDIUM,
                    "TLS: verify-full checks the certificate and the host name, verify-ca the certificate only,"
                            + " require nothing, disable does without.")
            .define(
                    SSL_ROOT_CERT,
                    ConfigDef.Type.STRING,
                    "",
                    ConfigDef.Importance.LOW,
                    "A file with the trusted root certificates. Empty: those of the JDK.")
            .define(
                    BATCH_SIZE,
                    ConfigDef.Type.INT,
                    10_000,
                    ConfigDef.Range.atLeast(1),
                    ConfigDef.Importance.MEDIUM,
                    "Changes in a target transaction at most. Source transactions are put together up to this number;"
                            + " one that is larger is a target transaction of its own. Connect hands over at most"
                            + " consumer.override.max.poll.records at a time.")
            .define(
                    BUFFER_CHANGES,
                    ConfigDef.Type.INT,
                    50_000,
                    ConfigDef.Range.atLeast(1),
                    ConfigDef.Importance.LOW,
                    "Changes held in memory at most, but for those of one more record. A source transaction that reaches"
                            + " this number before its end has come is applied in pieces, in one target transaction that"
                            + " stays open until its end: nobody sees a part of it.")
            .define(
                    BUFFER_BYTES,
                    ConfigDef.Type.LONG,
                    33_554_432L,
                    ConfigDef.Range.atLeast(1),
                    ConfigDef.Importance.LOW,
                    "The same in bytes, as an estimate: the text of all values at one byte for each character, 64 bytes"
                            + " for each value and 100 for each change.")
            .define(
                    CONSTRAINT_GUARD,
                    ConfigDef.Type.STRING,
                    GuardMode.AUTO.word(),
                    ConfigDef.ValidString.in(GuardMode.words().toArray(String[]::new)),
                    ConfigDef.Importance.MEDIUM,
                    "How foreign keys, triggers and rules of the target are kept from acting on what is applied, which"
                            + " they have done on the source. replica: the session sets session_replication_role, or"
                            + " the task stops. ddl: triggers and rules are disabled and foreign keys dropped, with a"
                            + " record of all in changeover.guard, from which they are put back. auto: replica where"
                            + " the role may, otherwise ddl. none: they act.")
            .define(
                    MAX_RETRIES,
                    ConfigDef.Type.INT,
                    Retries.UNLIMITED,
                    ConfigDef.Range.atLeast(Retries.UNLIMITED),
                    ConfigDef.Importance.LOW,
                    "Attempts in a row after a lost connection, a deadlock or another failure that passes by itself,"
                            + " before the task stops. -1: no end, because a target that is down comes back, and until"
                            + " then the backlog waits in Kafka. Failures that do not pass are never tried again.")
            .define(
                    RETRY_BACKOFF_MS,
                    ConfigDef.Type.LONG,
                    1000L,
                    ConfigDef.Range.between(1, 60_000),
                    ConfigDef.Importance.LOW,
                    "Waiting time before the first attempt after a failure; doubles up to a minute. Also the time between"
                            + " two looks at a table that is still loading.");

    /** What Connect itself puts into a sink connector's configuration or reads from it. */
    private static final List<String> KEYS_OF_CONNECT = List.of(
            "name",
            "connector.class",
            "connector.plugin.version",
            "task.class",
            "tasks.max",
            "tasks.max.enforce",
            "config.action.reload",
            "topics",
            "transforms",
            "predicates",
            "key.converter",
            "value.converter",
            "header.converter");

    private static final List<String> PREFIXES_OF_CONNECT = List.of(
            "key.converter.",
            "value.converter.",
            "header.converter.",
            "errors.",
            "consumer.override.",
            "producer.override.",
            "admin.override.",
            "transforms.",
            "predicates.");

    /**
     * Reads settings.
     *
     * @throws ConfigException for a value that is missing, wrong, or has a key nobody knows
     */
    static SinkConfig of(Map<String, String> properties) {
        unknownKeys(properties.keySet()).stream().findFirst().ifPresent(key -> {
            throw new ConfigException(unknown(key));
        });
        AbstractConfig config = new AbstractConfig(DEFINITION, properties, false);
        ServerSettings target = new ServerSettings(
                config.getString(HOST),
                config.getInt(PORT),
                config.getString(DATABASE),
                config.getString(USER),
                config.getPassword(PASSWORD).value(),
                config.getString(SSL_MODE),
                Optional.of(config.getString(SSL_ROOT_CERT)).filter(Predicate.not(String::isEmpty)));
        return new SinkConfig(
                config.getList(TOPICS).get(0),
                target,
                new BufferLimits(
                        config.getInt(BATCH_SIZE), config.getInt(BUFFER_CHANGES), config.getLong(BUFFER_BYTES)),
                GuardMode.of(config.getString(CONSTRAINT_GUARD)),
                config.getInt(MAX_RETRIES),
                Duration.ofMillis(config.getLong(RETRY_BACKOFF_MS)));
    }

    /** Keys that neither the sink nor Connect knows, in order. */
    static List<String> unknownKeys(Collection<String> keys) {
        return keys.stream()
                .filter(key -> !DEFINITION.names().contains(key)
                        && !KEYS_OF_CONNECT.contains(key)
                        && PREFIXES_OF_CONNECT.stream().noneMatch(key::startsWith))
                .sorted()
                .toList();
    }

    static String unknown(String key) {
        return "Unknown configuration key '" + key + "'; the sink knows " + String.join(", ", DEFINITION.names());
    }

    private static ConfigDef.Validator oneTopic() {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (value instanceof List<?> topics && topics.size() != 1) {
                        throw new ConfigException(name, value, "exactly one topic, written by one capture");
                    }
                },
                () -> "exactly one topic");
    }

    private static ConfigDef.Validator notEmpty() {
        return new ConfigDef.NonEmptyString();
    }
}
