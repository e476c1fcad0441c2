package io.changeover.sink.config;

import java.util.List;

/**
 * Which keys a configuration may hold: the sink's own and those of Connect. A mistyped one would be ignored in silence.
 */
public final class ConnectKeys {

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

    private ConnectKeys() {}

    static boolean contains(String key) {
        return OF_CONNECT.contains(key) || PREFIXES_OF_CONNECT.stream().anyMatch(key::startsWith);
    }
}
