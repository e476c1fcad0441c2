package io.changeover.load;

import io.changeover.postgres.ServerSettings;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The load connector's settings. */
public final class LoadConfig extends AbstractConfig {

    static final String PUBLICATION = "publication.name";
    static final String PROGRESS_TOPIC = "progress.topic";
    static final String PROGRESS_INTERVAL = "progress.interval.ms";
    static final String PART_BYTES = "part.bytes";

    /** What the connector understands. */
    public static final ConfigDef DEFINITION = progress(
                    publication(server(server(new ConfigDef(), "source"), "target")))
            .define(
                    PART_BYTES,
                    ConfigDef.Type.LONG,
                    1L << 28,
                    ConfigDef.Range.atLeast(1),
                    Importance.MEDIUM,
                    "About how large the parts of a table are that several tasks load at a time, in bytes on the"
                            + " source. A larger table is divided: from PostgreSQL 14 on by its blocks, before by an"
                            + " integer primary key, if it has one.");

    public LoadConfig(Map<String, String> properties) {
        super(DEFINITION, properties, false);
    }

    static ConfigDef publication(ConfigDef definition) {
        return definition.define(
                PUBLICATION,
                ConfigDef.Type.STRING,
                Importance.HIGH,
                "The source's publication; its tables are loaded.");
    }

    static ConfigDef progress(ConfigDef definition) {
        return definition
                .define(
                        PROGRESS_TOPIC,
                        ConfigDef.Type.STRING,
                        Importance.HIGH,
                        "The topic for progress records: table, state, rows and bytes so far.")
                .define(
                        PROGRESS_INTERVAL,
                        ConfigDef.Type.LONG,
                        500L,
                        ConfigDef.Range.atLeast(10),
                        Importance.LOW,
                        "How often a table that is being loaded reports, in milliseconds.");
    }

    static ConfigDef server(ConfigDef definition, String side) {
        return definition
                .define(
                        side + ".host",
                        ConfigDef.Type.STRING,
                        Importance.HIGH,
                        "The " + side + "'s host name or address.")
                .define(side + ".port", ConfigDef.Type.INT, 5432, Importance.MEDIUM, "The " + side + "'s port.")
                .define(side + ".database", ConfigDef.Type.STRING, Importance.HIGH, "The " + side + "'s database.")
                .define(
                        side + ".user",
                        ConfigDef.Type.STRING,
                        Importance.HIGH,
                        "The role that connects to the " + side + ".")
                .define(side + ".password", ConfigDef.Type.PASSWORD, "", Importance.HIGH, "That role's password.")
                .define(
                        side + ".ssl.mode",
                        ConfigDef.Type.STRING,
                        "verify-full",
                        ConfigDef.ValidString.in("disable", "require", "verify-ca", "verify-full"),
                        Importance.MEDIUM,
                        "How TLS is used with the " + side + ".")
                .define(
                        side + ".ssl.root.cert",
                        ConfigDef.Type.STRING,
                        "",
                        Importance.MEDIUM,
                        "A file with the roots that are trusted for the " + side + "; empty means the JDK's.");
    }

    ServerSettings source() {
        return server(this, "source");
    }

    ServerSettings target() {
        return server(this, "target");
    }

    static ServerSettings server(AbstractConfig config, String side) {
        String roots = config.getString(side + ".ssl.root.cert");
        return new ServerSettings(
                config.getString(side + ".host"),
                config.getInt(side + ".port"),
                config.getString(side + ".database"),
                config.getString(side + ".user"),
                config.getPassword(side + ".password").value(),
                config.getString(side + ".ssl.mode"),
                roots.isEmpty() ? Optional.empty() : Optional.of(roots));
    }
}
