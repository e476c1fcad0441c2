package io.changeover.capture;

import io.changeover.postgres.TableName;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** Debezium's own snapshot of a database, with our query and our converter. */
final class DebeziumSnapshot {

    /** A row, as text. */
    record Row(TableName table, Map<String, String> values) {}

    private DebeziumSnapshot() {}

    /** The rows of the schema public. */
    static List<Row> read(ValueDatabase database) throws InterruptedException {
        Map<String, String> settings = database.connector(PostgresConnector.class);
        settings.putAll(TextSnapshotQuery.SETTINGS);
        settings.put("plugin.name", "pgoutput");
        settings.put("snapshot.mode", "initial_only");
        settings.put("publication.autocreate.mode", "disabled");
        settings.put("schema.include.list", "public");
        settings.put("errors.max.retries", "0");
        settings.put("event.processing.failure.handling.mode", "fail");
        return TaskRun.collect(new PostgresConnectorTask(), settings, Map.of(), DebeziumSnapshot::isLast).stream()
                .map(DebeziumSnapshot::row)
                .toList();
    }

    private static boolean isLast(SourceRecord record) {
        return "last".equals(((Struct) record.value()).getStruct("source").getString("snapshot"));
    }

    private static Row row(SourceRecord record) {
        Struct value = (Struct) record.value();
        Struct source = value.getStruct("source");
        Struct after = value.getStruct("after");
        Map<String, String> values = new LinkedHashMap<>();
        for (Field field : after.schema().fields()) {
            // Struct.get would turn NULL into the column's default
            values.put(field.name(), (String) after.getWithoutDefault(field.name()));
        }
        return new Row(new TableName(source.getString("schema"), source.getString("table")), values);
    }
}
