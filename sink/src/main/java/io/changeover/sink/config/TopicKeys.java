package io.changeover.sink.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** What is read. */
public final class TopicKeys {

    public static final String TOPICS = "topics";

    private TopicKeys() {}

    static void define(ConfigDef definition) {
        new KeyGroup(definition, "Topics")
                .required(
                        new SinkKey(TOPICS, ConfigDef.Type.LIST, Width.LONG, "Topics"),
                        oneTopic(),
                        "The change topic to apply, exactly one. Its name is the name of the stream in the target's"
                                + " ledger.");
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
}
