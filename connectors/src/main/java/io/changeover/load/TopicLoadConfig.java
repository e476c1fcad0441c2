package io.changeover.load;

import io.changeover.postgres.ServerSettings;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The settings of the connector that reads tables into a load topic. */
public final class TopicLoadConfig extends AbstractConfig {

    static final String TOPIC = "topic";
    static final String BYTES_PER_SECOND = "bytes.per.second";

    /** Of one task; set by the connector. */
    static final String TASK = "task.number";

    /** How many tasks there are; set by the connector. */
    static final String TASKS = "task.count";

    /** What the connector understands. */
    public static final ConfigDef DEFINITION = LoadConfig.progress(
                    LoadConfig.publication(LoadConfig.server(new ConfigDef(), "source")))
            .define(
                    TOPIC,
                    ConfigDef.Type.STRING,
                    Importance.HIGH,
                    "The topic for the rows. Its records must stay until all tables are loaded: no compaction, and a"
                            + " retention that is long enough.")
            .define(
                    BYTES_PER_SECOND,
                    ConfigDef.Type.LONG,
                    0L,
                    ConfigDef.Range.atLeast(0),
                    Importance.MEDIUM,
                    "How fast a task may read, as COPY carries the rows; 0 is no limit.")
            .defineInternal(TASK, ConfigDef.Type.INT, 0, Importance.LOW)
            .defineInternal(TASKS, ConfigDef.Type.INT, 1, Importance.LOW);

    public TopicLoadConfig(Map<String, String> properties) {
        super(DEFINITION, properties, false);
    }

    ServerSettings source() {
        return LoadConfig.server(this, "source");
    }
}
