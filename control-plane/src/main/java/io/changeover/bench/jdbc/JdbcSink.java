package io.changeover.bench.jdbc;

import io.changeover.bench.WorkerProcess;
import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Debezium's JDBC sink at its best settings. */
public final class JdbcSink {

    private static final String BATCH = "5000";

    /** The consumer's offsets are all that tells how far the sink is. */
    private static final String OFFSETS_EVERY_MILLIS = "200";

    private JdbcSink() {}

    /**
     * Starts a worker that has the plugin, and topics of its own: two workers that share those run each other's
     * connectors, whatever their groups.
     *
     * @param plugins a directory for {@code plugin.path}
     * @param logs the worker's own directory
     */
    public static WorkerProcess start(Path plugins, Path logs, String bootstrapServers) throws IOException {
        UUID worker = UUID.randomUUID();
        return WorkerProcess.start(
                logs,
                bootstrapServers,
                Map.of(
                        "plugin.path", plugins.toString(),
                        "offset.flush.interval.ms", OFFSETS_EVERY_MILLIS,
                        "config.storage.topic", "jdbc-connect-configs-" + worker,
                        "offset.storage.topic", "jdbc-connect-offsets-" + worker,
                        "status.storage.topic", "jdbc-connect-status-" + worker));
    }

    /**
     * What all of its connectors have in common.
     *
     * @param directory with the schemas of the topics
     */
    public static Map<String, String> config(ServerSettings target, List<String> topics, Path directory) {
        Map<String, String> config = new LinkedHashMap<>(StoredSchemaConverter.config(directory));
        config.put("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");
        config.put("tasks.max", "1");
        config.put("topics", String.join(",", topics));
        // the server parses what Debezium sends as text: inet, jsonb, uuid
        config.put(
                "connection.url",
                "jdbc:postgresql://%s:%d/%s?reWriteBatchedInserts=true&stringtype=unspecified"
                        .formatted(target.host(), target.port(), target.database()));
        config.put("connection.username", target.user());
        config.put("connection.password", target.password());
        config.put("collection.name.format", "${source.schema}.${source.table}");
        config.put("schema.evolution", "none");
        config.put("batch.size", BATCH);
        config.put("consumer.override.max.poll.records", BATCH);
        config.put("consumer.override.auto.offset.reset", "earliest");
        return config;
    }
}
