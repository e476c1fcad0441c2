package io.changeover.bench.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredSchemaConverterTest {

    private static final Schema SCHEMA = SchemaBuilder.struct()
            .name("t.Value")
            .field("id", Schema.INT64_SCHEMA)
            .field(
                    "at",
                    SchemaBuilder.int64()
                            .name("io.debezium.time.MicroTimestamp")
                            .optional()
                            .build())
            .build();

    @TempDir
    Path directory;

    @Test
    void aRecordHasNoSchemaAndIsReadWithOne() {
        Struct value = new Struct(SCHEMA).put("id", 7L).put("at", 8L);

        byte[] record = converter().fromConnectData("t", SCHEMA, value);
        SchemaAndValue read = converter().toConnectData("t", record);

        assertThat(new String(record, StandardCharsets.UTF_8)).isEqualTo("{\"id\":7,\"at\":8}");
        assertThat(read.schema()).isEqualTo(SCHEMA);
        assertThat(read.value()).isEqualTo(value);
    }

    @Test
    void nothingStaysNothing() {
        assertThat(converter().fromConnectData("t", null, null)).isNull();
        assertThat(converter().toConnectData("t", null)).isEqualTo(SchemaAndValue.NULL);
    }

    @Test
    void aSchemaThatChangesIsRefused() {
        StoredSchemaConverter converter = converter();
        converter.fromConnectData("t", SCHEMA, new Struct(SCHEMA).put("id", 7L));

        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> converter.fromConnectData("t", Schema.STRING_SCHEMA, "x"))
                .withMessage("The schema of topic t has changed");
    }

    private StoredSchemaConverter converter() {
        StoredSchemaConverter converter = new StoredSchemaConverter();
        converter.configure(Map.of("directory", directory.toString()), false);
        return converter;
    }
}
