package io.changeover.sink.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Where the target is and who writes there. */
public final class ConnectionKeys {

    public static final String HOST = "connection.host";
    public static final String PORT = "connection.port";
    public static final String DATABASE = "connection.database";
    public static final String USER = "connection.user";
    public static final String PASSWORD = "connection.password";
    public static final String SSL_MODE = "connection.ssl.mode";
    public static final String SSL_ROOT_CERT = "connection.ssl.root.cert";

    private ConnectionKeys() {}

    static void define(ConfigDef definition) {
        KeyGroup group = new KeyGroup(definition, "Connection");
        place(group);
        role(group);
        encryption(group);
    }

    private static void place(KeyGroup group) {
        group.required(
                        new SinkKey(HOST, ConfigDef.Type.STRING, Width.MEDIUM, "Host"),
                        new NonEmptyString(),
                        "The target's host.")
                .optional(
                        new SinkKey(PORT, ConfigDef.Type.INT, Width.SHORT, "Port"),
                        5432,
                        Range.between(1, 65535),
                        Importance.MEDIUM,
                        "The target's TCP port.")
                .required(
                        new SinkKey(DATABASE, ConfigDef.Type.STRING, Width.MEDIUM, "Database"),
                        new NonEmptyString(),
                        "The database to write to.");
    }

    private static void role(KeyGroup group) {
        group.required(
                        new SinkKey(USER, ConfigDef.Type.STRING, Width.MEDIUM, "User"),
                        new NonEmptyString(),
                        "The role that writes. It must be allowed to write to the tables, to create the schema"
                                + " changeover, and to set session_replication_role or else own the tables (see"
                                + " constraint.guard).")
                .optional(
                        new SinkKey(PASSWORD, ConfigDef.Type.PASSWORD, Width.MEDIUM, "Password"),
                        "",
                        KeyGroup.ANYTHING,
                        Importance.HIGH,
                        "The role's password. Use a configuration provider (${file:…}, ${env:…}), or Connect's REST"
                                + " shows it.");
    }

    private static void encryption(KeyGroup group) {
        group.optional(
                        new SinkKey(SSL_MODE, ConfigDef.Type.STRING, Width.SHORT, "TLS"),
                        "verify-full",
                        ValidString.in("disable", "require", "verify-ca", "verify-full"),
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
