package io.changeover.sink.decode.debezium;

import io.changeover.sink.target.TargetType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how a column's values are written, once for each schema and column: what follows is a loop without decisions.
 * The type of the column on the target decides where the schema does not: a string may be a numeric, an hstore or
 * bytes.
 */
final class ValueTexts {

    private static final ValueText AS_IS = String::valueOf;

    private final BinaryMode binary;

    ValueTexts(BinaryMode binary) {
        this.binary = binary;
    }

    /**
     * How values of a schema are written for a column.
     *
     * @throws UnreadableValueException if the value that the source had cannot be told from what it sends
     */
    ValueText of(Schema schema, TargetType type) {
        @Nullable String name = schema.name();
        if (name == null) {
            return plain(schema, type);
        }
        return switch (name) {
            case "org.apache.kafka.connect.data.Decimal" -> value -> ((BigDecimal) value).toPlainString();
            case "io.debezium.data.VariableScaleDecimal" -> value -> decimal((Struct) value);
            case "io.debezium.data.Json" ->
                type.is("hstore") ? value -> CollectionText.hstore(FlatJson.read((String) value)) : AS_IS;
            case "io.debezium.data.Xml",
                    "io.debezium.data.Uuid",
                    "io.debezium.data.Enum",
                    "io.debezium.data.EnumSet",
                    "io.debezium.data.Ltree",
                    "io.debezium.data.Tsvector",
                    "io.debezium.time.Year" -> AS_IS;
            case "io.debezium.data.Bits" -> bits(schema, type);
            case "io.debezium.data.DoubleVector", "io.debezium.data.FloatVector" ->
                value -> CollectionText.vector((Collection<?>) value);
            case "io.debezium.data.SparseDoubleVector" -> value -> sparse((Struct) value);
            case "io.debezium.data.geometry.Point" -> GeometryText.point(type);
            case "io.debezium.data.geometry.Geometry", "io.debezium.data.geometry.Geography" ->
                GeometryText.geometry(type);
            case "io.debezium.data.geometry.Circle" -> value -> GeometryText.circle((Struct) value);
            case "io.debezium.data.geometry.Line" -> value -> GeometryText.line((Struct) value);
            default -> temporal(name, type);
        };
    }

    private static ValueText temporal(String name, TargetType type) {
        String zone = type.is("timestamptz") ? "+00" : "";
        return switch (name) {
            case "org.apache.kafka.connect.data.Date" ->
                value -> TimeText.date(Math.floorDiv(millis(value), 86_400_000L));
            case "org.apache.kafka.connect.data.Time" -> value -> TimeText.time(millis(value), ChronoUnit.MILLIS);
            case "org.apache.kafka.connect.data.Timestamp" -> value -> moment(millis(value), ChronoUnit.MILLIS, zone);
            case "io.debezium.time.Date" -> value -> TimeText.date(number(value));
            case "io.debezium.time.Time" -> value -> TimeText.time(number(value), ChronoUnit.MILLIS);
            case "io.debezium.time.MicroTime" -> value -> TimeText.time(number(value), ChronoUnit.MICROS);
            case "io.debezium.time.NanoTime" -> value -> TimeText.time(number(value), ChronoUnit.NANOS);
            case "io.debezium.time.Timestamp" -> value -> moment(number(value), ChronoUnit.MILLIS, zone);
            case "io.debezium.time.MicroTimestamp" -> value -> moment(number(value), ChronoUnit.MICROS, zone);
            case "io.debezium.time.NanoTimestamp" -> value -> moment(number(value), ChronoUnit.NANOS, zone);
            case "io.debezium.time.MicroDuration" -> value -> number(value) + " microseconds";
            case "io.debezium.time.NanoDuration" ->
                value -> BigDecimal.valueOf(number(value), 3).toPlainString() + " microseconds";
            case "io.debezium.time.Interval" -> AS_IS;
            case "io.debezium.time.IsoDate" -> value -> TimeText.iso(withoutZone((String) value));
            case "io.debezium.time.IsoTime",
                    "io.debezium.time.IsoTimestamp",
                    "io.debezium.time.ZonedTime",
                    "io.debezium.time.ZonedTimestamp" -> value -> TimeText.iso((String) value);
            default -> structured(name);
        };
    }

    private static ValueText structured(String name) {
        return switch (name) {
            case "io.debezium.time.StructuredDate" -> value -> StructuredText.date((Struct) value);
            case "io.debezium.time.StructuredTime" -> value -> StructuredText.time((Struct) value);
            case "io.debezium.time.StructuredZonedTime" -> value -> StructuredText.zonedTime((Struct) value);
            case "io.debezium.time.StructuredTimestamp" -> value -> StructuredText.timestamp((Struct) value);
            case "io.debezium.time.StructuredZonedTimestamp" -> value -> StructuredText.zonedTimestamp((Struct) value);
            case "io.debezium.time.StructuredDuration" -> value -> StructuredText.interval((Struct) value);
            default -> throw new UnreadableValueException("has schema " + name + ", which the sink does not know");
        };
    }

    private ValueText plain(Schema schema, TargetType type) {
        return switch (schema.type()) {
            case BOOLEAN -> type.is("bit") || type.is("varbit") ? value -> (Boolean) value ? "1" : "0" : AS_IS;
            case INT8, INT16, INT32, INT64, FLOAT32, FLOAT64 -> number(schema, type);
            case STRING -> string(type);
            case BYTES -> BytesText.of(type);
            case ARRAY -> array(schema, type);
            case MAP -> {
                require(type.is("hstore"), "is a map for a column of type " + type);
                yield value -> CollectionText.hstore((Map<?, ?>) value);
            }
            case STRUCT -> throw new UnreadableValueException("is a struct without a name");
        };
    }

    private static ValueText number(Schema schema, TargetType type) {
        require(
                !type.isTemporal(),
                "is a number (" + schema.type() + ") whose unit nobody tells, for a column of type " + type);
        return AS_IS;
    }

    /** A numeric that is no number has a name of Debezium's; its infinity is unknown to PostgreSQL before 14. */
    private ValueText string(TargetType type) {
        if (type.is("bytea")) {
            return BytesText.ofString(binary);
        }
        return type.is("numeric")
                ? value -> switch ((String) value) {
                    case "NAN" -> "NaN";
                    case "POSITIVE_INFINITY" -> "Infinity";
                    case "NEGATIVE_INFINITY" -> "-Infinity";
                    default -> (String) value;
                }
                : AS_IS;
    }

    private ValueText array(Schema schema, TargetType type) {
        Schema element = schema.valueSchema();
        boolean ofArrays = element.type() == Schema.Type.ARRAY;
        require(type.isArray(), "is an array for a column of type " + type);
        ValueText each = of(element, ofArrays ? type : type.element());
        return value -> CollectionText.array((Collection<?>) value, each, ofArrays);
    }

    private static ValueText bits(Schema schema, TargetType type) {
        require(!type.is("varbit"), "is a bit varying, whose length Debezium does not send");
        @Nullable
        String length = schema.parameters() == null ? null : schema.parameters().get("length");
        require(length != null, "has bits without a length");
        return BytesText.bits(Integer.parseInt(String.valueOf(length)));
    }

    private static String decimal(Struct value) {
        return new BigDecimal(new BigInteger(value.getBytes("value")), value.getInt32("scale")).toPlainString();
    }

    private static String sparse(Struct value) {
        return CollectionText.sparseVector(value.getMap("vector"), value.getInt16("dimensions"));
    }

    private static String moment(long amount, ChronoUnit unit, String zone) {
        String text = TimeText.timestamp(amount, unit);
        if (zone.isEmpty() || text.endsWith(TimeText.INFINITY)) {
            return text;
        }
        return text.endsWith(" BC") ? text.replace(" BC", zone + " BC") : text + zone;
    }

    private static String withoutZone(String date) {
        return date.endsWith("Z") ? date.substring(0, date.length() - 1) : date;
    }

    private static long millis(Object value) {
        return ((Date) value).toInstant().toEpochMilli();
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new UnreadableValueException(otherwise);
        }
    }
}
