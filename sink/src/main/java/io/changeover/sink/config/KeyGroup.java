package io.changeover.sink.config;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Recommender;

/** Keys that belong together, in the order in which they are added; user interfaces show them so. */
final class KeyGroup {

    static final ConfigDef.Validator ANYTHING = ConfigDef.LambdaValidator.with((name, value) -> {}, () -> "");

    private static final Recommender NOTHING = recommender(List.of(), "");

    private final ConfigDef definition;
    private final String name;
    private int order;

    KeyGroup(ConfigDef definition, String name) {
        this.definition = definition;
        this.name = name;
    }

    /** A key without which nothing works. */
    KeyGroup required(SinkKey key, ConfigDef.Validator validator, String explanation) {
        return add(
                key, ConfigDef.NO_DEFAULT_VALUE, validator, ConfigDef.Importance.HIGH, explanation, List.of(), NOTHING);
    }

    /** A key that has a default. */
    KeyGroup optional(
            SinkKey key,
            Object defaultValue,
            ConfigDef.Validator validator,
            ConfigDef.Importance importance,
            String explanation) {
        return optional(key, defaultValue, validator, importance, explanation, List.of());
    }

    /** The same for a key on which others depend. */
    KeyGroup optional(
            SinkKey key,
            Object defaultValue,
            ConfigDef.Validator validator,
            ConfigDef.Importance importance,
            String explanation,
            List<String> dependents) {
        return add(key, defaultValue, validator, importance, explanation, dependents, NOTHING);
    }

    /** A key with a list of values, of which the first is the default. */
    KeyGroup choice(SinkKey key, List<String> values, ConfigDef.Importance importance, String explanation) {
        ConfigDef.Validator validator = ConfigDef.ValidString.in(values.toArray(String[]::new));
        Recommender recommender = recommender(List.copyOf(values), "");
        return add(key, values.get(0), validator, importance, explanation, List.of(), recommender);
    }

    /** A key that user interfaces show as long as another one, which would say the same, is empty. */
    KeyGroup insteadOf(
            String other,
            SinkKey key,
            Object defaultValue,
            ConfigDef.Validator validator,
            ConfigDef.Importance importance,
            String explanation) {
        return add(key, defaultValue, validator, importance, explanation, List.of(), recommender(List.of(), other));
    }

    private KeyGroup add(
            SinkKey key,
            Object defaultValue,
            ConfigDef.Validator validator,
            ConfigDef.Importance importance,
            String explanation,
            List<String> dependents,
            Recommender recommender) {
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
                dependents,
                recommender);
        return this;
    }

    private static Recommender recommender(List<Object> values, String visibleWithout) {
        return new Recommender() {
            @Override
            public List<Object> validValues(String key, Map<String, Object> parsed) {
                return values;
            }

            @Override
            public boolean visible(String key, Map<String, Object> parsed) {
                return visibleWithout.isEmpty() || "".equals(parsed.getOrDefault(visibleWithout, ""));
            }
        };
    }
}
