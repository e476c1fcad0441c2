package io.changeover.sink.decode.debezium;

import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** Numbers that went through text without a schema have the smallest type that holds them. */
final class Numbers {

    private Numbers() {}

    static @Nullable Object as(Schema schema, @Nullable Object value) {
        if (!(value instanceof Number number)) {
            return value;
        }
        return switch (schema.type()) {
            case INT8 -> number.byteValue();
            case INT16 -> number.shortValue();
            case INT32 -> number.intValue();
            case INT64 -> number.longValue();
            case FLOAT32 -> number.floatValue();
            case FLOAT64 -> number.doubleValue();
            default -> value;
        };
    }
}
