package io.changeover.sink.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** What is read. */
public final class TopicKeys {

    public static final String TOPICS = "topics";
    public static final String TOPICS_REGEX = "topics.regex";

    private TopicKeys() {}

    static void define(ConfigDef definition) {
        new KeyGroup(definition, "Topics")
                .optional(
                        new SinkKey(TOPICS, ConfigDef.Type.LIST, Width.LONG, "Topics"),
                        List.of(),
                        KeyGroup.ANYTHING,
                        Importance.HIGH,
                        "The change topic to apply, exactly one; its name is the name of the stream in the target's"
                                + " ledger. Or topics of a Debezium source, one or more.")
                .optional(
                        new SinkKey(TOPICS_REGEX, ConfigDef.Type.STRING, Width.LONG, "Topics by pattern"),
                        "",
                        KeyGroup.ANYTHING,
                        Importance.HIGH,
                        "Instead of topics, a Java regular expression: topics of a Debezium source.");
    }
}
