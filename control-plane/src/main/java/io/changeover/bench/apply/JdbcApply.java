package io.changeover.bench.apply;

import io.changeover.bench.Parts;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.capture.Beginning;
import io.changeover.bench.jdbc.JdbcSink;
import io.changeover.connect.ConnectClient;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Debezium's JDBC sink, from the topics that stock Debezium wrote. Tables with a key go through one connector, which
 * merges changes of a row; tables without, of which it can only insert, through another.
 */
final class JdbcApply implements ApplySide {

    private final Recording recording;
    private final WorkerProcess worker;
    private final String bootstrapServers;
    private final Path directory;

    /**
     * A side that has its worker.
     *
     * @param worker of {@link JdbcSink#start}
     * @param directory with the schemas of the topics
     */
    JdbcApply(Recording recording, WorkerProcess worker, String bootstrapServers, Path directory) {
        this.recording = recording;
        this.worker = worker;
        this.bootstrapServers = bootstrapServers;
        this.directory = directory;
    }

    @Override
    public String name() {
        return "jdbc";
    }

    @Override
    public boolean mustBeEqual() {
        return false;
    }

    @Override
    public Running start(String run, ServerSettings target, Parts parts) throws Exception {
        ConnectClient connect = new ConnectClient(worker.url());
        Admin admin = parts.add(Admin.create(Map.of("bootstrap.servers", bootstrapServers)));
        Map<String, Map<String, String>> connectors = connectors(run, target);
        connectors.forEach(connect::put);
        parts.add(() -> connectors.keySet().forEach(connect::delete));
        List<String> groups =
                connectors.keySet().stream().map(name -> "connect-" + name).toList();
        return new Running(
                () -> committed(admin, groups),
                Optional.of(worker.handle()),
                () -> connectors.keySet().forEach(name -> Beginning.requireNotFailed(connect, name)));
    }

    private Map<String, Map<String, String>> connectors(String run, ServerSettings target) throws SQLException {
        List<String> keyed = new ArrayList<>();
        List<String> keyless = new ArrayList<>();
        for (Map.Entry<TableName, String> topic : recording.tableTopics().entrySet()) {
            (hasKey(target, topic.getKey()) ? keyed : keyless).add(topic.getValue());
        }
        Map<String, Map<String, String>> connectors = new LinkedHashMap<>();
        if (!keyed.isEmpty()) {
            Map<String, String> merging = JdbcSink.config(target, keyed, directory);
            merging.put("insert.mode", "upsert");
            merging.put("primary.key.mode", "record_key");
            merging.put("delete.enabled", "true");
            merging.put("use.reduction.buffer", "true");
            connectors.put(run + "_keyed", merging);
        }
        if (!keyless.isEmpty()) {
            Map<String, String> inserting = JdbcSink.config(target, keyless, directory);
            inserting.put("insert.mode", "insert");
            inserting.put("primary.key.mode", "none");
            connectors.put(run + "_keyless", inserting);
        }
        return connectors;
    }

    private static boolean hasKey(ServerSettings target, TableName table) throws SQLException {
        String sql = "select exists (select from pg_index where indrelid = ?::regclass and indisprimary)";
        try (Connection connection = Connections.open(target, "changeover-bench");
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, table.quoted());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    /** Records that the sink says are written; each is one change. */
    private static long committed(Admin admin, List<String> groups) throws ExecutionException, InterruptedException {
        long committed = 0;
        for (String group : groups) {
            committed += admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
                    .filter(Objects::nonNull)
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        }
        return committed;
    }
}
