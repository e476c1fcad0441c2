package io.changeover.load;

import io.changeover.postgres.ServerSettings;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The settings of the connector that writes the rows of a load topic. */
public final class TopicLoadSinkConfig extends AbstractConfig {

    /** What the connector understands. */
    public static final ConfigDef DEFINITION = LoadConfig.server(new ConfigDef(), "target");

    public TopicLoadSinkConfig(Map<String, String> properties) {
        super(DEFINITION, properties, false);
    }

    ServerSettings target() {
        return LoadConfig.server(this, "target");
    }
}
