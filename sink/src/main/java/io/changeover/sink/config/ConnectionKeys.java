package io.changeover.sink.config;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Where the target is and who writes there. */
public final class ConnectionKeys {

    public static final String URL = "connection.url";
    public static final String HOST = "connection.host";
    public static final String PORT = "connection.port";
    public static final String DATABASE = "connection.database";
    public static final String USER = "connection.user";
    public static final String PASSWORD = "connection.password";
    public static final String SSL_MODE = "connection.ssl.mode";
    public static final String SSL_ROOT_CERT = "connection.ssl.root.cert";

    /** What a URL stands for. */
    static final List<String> PLACE = List.of(HOST, PORT, DATABASE);

    private static final Pattern ONE_HOST = Pattern.compile("[A-Za-z0-9._:%-]*");

    private ConnectionKeys() {}

    static void define(ConfigDef definition) {
        KeyGroup group = new KeyGroup(definition, "Connection");
        place(group);
        role(group);
        encryption(group);
    }

    private static void place(KeyGroup group) {
        group.optional(
                        new SinkKey(URL, ConfigDef.Type.STRING, Width.LONG, "JDBC URL"),
                        "",
                        KeyGroup.ANYTHING,
                        Importance.HIGH,
                        "The target as jdbc:postgresql://host:port/database, instead of connection.host,"
                                + " connection.port and connection.database. After a question mark it may have sslmode"
                                + " and sslrootcert, instead of connection.ssl.mode and connection.ssl.root.cert."
                                + " Parameters that make the driver load a class, write a file or connect elsewhere"
                                + " are refused, and so are user and password.",
                        PLACE)
                .insteadOf(
                        URL,
                        new SinkKey(HOST, ConfigDef.Type.STRING, Width.MEDIUM, "Host"),
                        "",
                        oneHost(),
                        Importance.HIGH,
                        "The target's host; this and connection.database, or connection.url.")
                .insteadOf(
                        URL,
                        new SinkKey(PORT, ConfigDef.Type.INT, Width.SHORT, "Port"),
                        5432,
                        Range.between(1, 65535),
                        Importance.MEDIUM,
                        "The target's TCP port.")
                .insteadOf(
                        URL,
                        new SinkKey(DATABASE, ConfigDef.Type.STRING, Width.MEDIUM, "Database"),
                        "",
                        KeyGroup.ANYTHING,
                        Importance.HIGH,
                        "The database to write to.");
    }

    private static ConfigDef.Validator oneHost() {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (!ONE_HOST.matcher(String.valueOf(value)).matches()) {
                        throw new ConfigException(name, value, "a name or an address, and only one");
                    }
                },
                () -> "a name or an address");
    }

    private static void role(KeyGroup group) {
        group.required(
                        new SinkKey(USER, ConfigDef.Type.STRING, Width.MEDIUM, "User"),
                        new NonEmptyString(),
                        "The role that writes. It must be allowed to set session_replication_role, to write to the"
                                + " tables, and to create the schema changeover.")
                .optional(
                        new SinkKey(PASSWORD, ConfigDef.Type.PASSWORD, Width.MEDIUM, "Password"),
                        "",
                        KeyGroup.ANYTHING,
                        Importance.HIGH,
                        "The role's password. Use a configuration provider (${file:…}, ${env:…}), or Connect's REST"
                                + " shows it.");
    }

    private static void encryption(KeyGroup group) {
        group.choice(
                        new SinkKey(SSL_MODE, ConfigDef.Type.STRING, Width.SHORT, "TLS"),
                        List.of("verify-full", "verify-ca", "require", "disable"),
                        Importance.MEDIUM,
                        "TLS: verify-full checks the certificate and the host name, verify-ca the certificate only,"
                                + " require nothing, disable does without.")
                .optional(
                        new SinkKey(SSL_ROOT_CERT, ConfigDef.Type.STRING, Width.LONG, "Trusted roots"),
                        "",
                        KeyGroup.ANYTHING,
                        Importance.LOW,
                        "A file with the trusted root certificates. Empty: those of the JDK.");
    }
}
