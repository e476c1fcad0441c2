package io.changeover.bench.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's JSON converter as if there were a schema registry: the schema of a topic, which must not change, is written
 * to a file once and not into each record. For peers that cannot do without a schema, so that they are not measured
 * with ten times the bytes that they need.
 */
public final class StoredSchemaConverter implements Converter {

    private static final String DIRECTORY = "directory";

    private final JsonConverter writer = new JsonConverter();
    private final Map<String, JsonConverter> readers = new ConcurrentHashMap<>();
    private final Map<String, Schema> written = new ConcurrentHashMap<>();
    private Path directory = Path.of("");
    private boolean isKey;

    /** What a connector's configuration says to use it for keys and values. */
    public static Map<String, String> config(Path directory) {
        Map<String, String> config = new LinkedHashMap<>();
        for (String part : new String[] {"key.converter", "value.converter"}) {
            config.put(part, StoredSchemaConverter.class.getName());
            config.put(part + "." + DIRECTORY, directory.toString());
        }
        return config;
    }

    @Override
    public void configure(Map<String, ?> configs, boolean forKeys) {
        directory = Path.of(String.valueOf(configs.get(DIRECTORY)));
        isKey = forKeys;
        writer.configure(Map.of("schemas.enable", "false"), forKeys);
    }

    @Override
    public byte @Nullable [] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
        if (schema == null || value == null) {
            return null;
        }
        Schema known = written.computeIfAbsent(topic, first -> write(first, schema));
        if (known != schema && !known.equals(schema)) {
            throw new DataException("The schema of topic " + topic + " has changed");
        }
        return writer.fromConnectData(topic, schema, value);
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] value) {
        return value == null
                ? SchemaAndValue.NULL
                : readers.computeIfAbsent(topic, this::reader).toConnectData(topic, value);
    }

    private Schema write(String topic, Schema schema) {
        try {
            Files.writeString(file(topic), writer.asJsonSchema(schema).toString());
            return schema;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonConverter reader(String topic) {
        try {
            String schema = Files.readString(file(topic), StandardCharsets.UTF_8);
            JsonConverter reader = new JsonConverter();
            reader.configure(Map.of("schemas.enable", "true", "schema.content", schema), isKey);
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String topic) {
        return directory.resolve(topic + (isKey ? ".key" : ".value") + ".json");
    }
}
