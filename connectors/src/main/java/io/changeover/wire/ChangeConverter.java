package io.changeover.wire;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.ChangeRecord;
import io.changeover.contract.MapWire;
import io.changeover.contract.Version;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Carries the records of the change topic as JSON, the same that Kafka's JsonConverter without schemas makes of them,
 * in a fraction of the time. {@code value.converter=io.changeover.wire.ChangeConverter} on both connectors, or on one
 * of them.
 */
public final class ChangeConverter implements Converter, Versioned {

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        if (isKey) {
            throw new DataException("The records of the change topic have no keys: use this as value.converter");
        }
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef();
    }

    @Override
    public String version() {
        return Version.current();
    }

    @Override
    @SuppressWarnings("NullAway") // Connect's contract: null for null
    public byte[] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Map<?, ?> record) {
            return RecordJson.write(events(topic, record));
        }
        throw new DataException(
                "Topic " + topic + ": this converter is for the records of Changeover's capture, not for "
                        + value.getClass().getSimpleName());
    }

    private static List<ChangeEvent> events(String topic, Map<?, ?> record) {
        try {
            return MapWire.decode(record);
        } catch (IllegalArgumentException e) {
            throw new DataException("Topic " + topic + ": " + e.getMessage(), e);
        }
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] value) {
        if (value == null) {
            return SchemaAndValue.NULL;
        }
        try {
            return new SchemaAndValue(null, new ChangeRecord(RecordJson.read(value)));
        } catch (IllegalArgumentException e) {
            throw new DataException("Topic " + topic + ": " + e.getMessage(), e);
        }
    }
}
