package io.changeover.sink.decode.debezium;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** The fields of a struct, or of the map that stands for one where there are no schemas. */
final class Fields {

    private Fields() {}

    /** A word for what it is, or empty if it has no fields. */
    static Optional<String> kind(SchemaAndValue value) {
        return value.value() instanceof Struct
                ? Optional.of("struct")
                : value.value() instanceof Map<?, ?> ? Optional.of("map") : Optional.empty();
    }

    /** Whether there is a value, other than NULL. */
    static boolean has(SchemaAndValue value, String name) {
        return of(value, name).value() != null;
    }

    /** A field without its default: NULL is a value. */
    static SchemaAndValue of(SchemaAndValue value, String name) {
        if (value.value() instanceof Struct struct) {
            @Nullable Field field = struct.schema().field(name);
            return field == null
                    ? SchemaAndValue.NULL
                    : new SchemaAndValue(field.schema(), struct.getWithoutDefault(name));
        }
        return value.value() instanceof Map<?, ?> map ? new SchemaAndValue(null, map.get(name)) : SchemaAndValue.NULL;
    }
}
