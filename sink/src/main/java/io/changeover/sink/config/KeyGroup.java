package io.changeover.sink.config;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;

/** Keys that belong together, in the order in which they are added; user interfaces show them so. */
final class KeyGroup {

    static final ConfigDef.Validator ANYTHING = ConfigDef.LambdaValidator.with((name, value) -> {}, () -> "");

    private final ConfigDef definition;
    private final String name;
    private int order;

    KeyGroup(ConfigDef definition, String name) {
        this.definition = definition;
        this.name = name;
    }

    /** A key without which nothing works. */
    KeyGroup required(SinkKey key, ConfigDef.Validator validator, String explanation) {
        return add(key, ConfigDef.NO_DEFAULT_VALUE, validator, ConfigDef.Importance.HIGH, explanation);
    }

    /** A key that has a default. */
    KeyGroup optional(
            SinkKey key,
            Object defaultValue,
            ConfigDef.Validator validator,
            ConfigDef.Importance importance,
            String explanation) {
        return add(key, defaultValue, validator, importance, explanation);
    }

    private KeyGroup add(
            SinkKey key,
            Object defaultValue,
            ConfigDef.Validator validator,
            ConfigDef.Importance importance,
            String explanation) {
        definition.define(
                key.name(),
                key.type(),
                defaultValue,
                validator,
                importance,
                explanation,
                name,
                ++order,
                key.width(),
                key.title(),
                List.of());
        return this;
    }
}
