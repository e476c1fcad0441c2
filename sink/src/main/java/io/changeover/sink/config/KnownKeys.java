package io.changeover.sink.config;

import java.util.Collection;
import java.util.List;

/**
 * Which keys a configuration may hold: the sink's own and those of Connect. A mistyped one would be ignored in silence.
 */
public final class KnownKeys {

    /** What Connect itself puts into a sink connector's configuration or reads from it. */
    private static final List<String> OF_CONNECT = List.of(
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

    private KnownKeys() {}

    /** Keys that neither the sink nor Connect knows, in order. */
    public static List<String> unknown(Collection<String> keys) {
        return keys.stream()
                .filter(key -> !SinkDefinition.KEYS.names().contains(key) && !isOfConnect(key))
                .sorted()
                .toList();
    }

    private static boolean isOfConnect(String key) {
        return OF_CONNECT.contains(key) || PREFIXES_OF_CONNECT.stream().anyMatch(key::startsWith);
    }

    /** Says that a key is unknown. */
    public static String refusal(String key) {
        return "Unknown configuration key '" + key + "'; the sink knows "
                + String.join(", ", SinkDefinition.KEYS.names());
    }
}
