package io.changeover.sink.decode.debezium;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.jspecify.annotations.Nullable;

/** Records that Debezium writes besides changes of rows. */
final class Housekeeping {

    private static final Set<String> NO_CHANGE =
            Set.of("io.debezium.connector.common.Heartbeat", "io.debezium.connector.common.TransactionMetadataValue");
    private static final Set<String> TRANSACTION_FIELDS =
            Set.of("status", "id", "event_count", "data_collections", "ts_ms");

    private Housekeeping() {}

    /** A heartbeat, or the boundary of a transaction; without schemas the topic's name tells them from tables. */
    static boolean changesNothing(String topic, SchemaAndValue value) {
        return isNamed(value)
                ? NO_CHANGE.contains(value.schema().name())
                : topic.startsWith("__debezium-heartbeat.")
                        || (topic.endsWith(".transaction")
                                && value.value() instanceof Map<?, ?> map
                                && map.keySet().equals(TRANSACTION_FIELDS));
    }

    /** A change of definitions, as sources of other databases write it. */
    static boolean isSchemaChange(SchemaAndValue value) {
        return isNamed(value)
                ? value.schema().name().endsWith(".SchemaChangeValue")
                : Fields.has(value, "ddl") && Fields.has(value, "tableChanges");
    }

    private static boolean isNamed(SchemaAndValue value) {
        @Nullable String name = value.schema() == null ? null : value.schema().name();
        return name != null;
    }
}
