package io.changeover.sink.decode.debezium;

import io.changeover.sink.target.TargetType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Values without a schema ({@code schemas.enable=false}). The column's type has to tell what they are; where it leaves
 * a choice, as with a number for a date, nothing is guessed.
 */
final class SchemalessTexts {

    private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8", "oid", "float4", "float8", "numeric");

    /** Types whose values Debezium always sends as text, whatever is set. */
    private static final Set<String> STRINGS = Set.of(
            "text",
            "varchar",
            "bpchar",
            "name",
            "char",
            "citext",
            "json",
            "jsonb",
            "xml",
            "uuid",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "tsvector",
            "ltree",
            "int4range",
            "int8range",
            "numrange",
            "tsrange",
            "tstzrange",
            "daterange",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval");

    private final BinaryMode binary;

    SchemalessTexts(BinaryMode binary) {
        this.binary = binary;
    }

    String of(Object value, TargetType type) {
        if (value instanceof String text) {
            return string(text, type);
        } else if (value instanceof Number) {
            require(!type.isArray() && NUMBERS.contains(type.name()), "is a number for a column of type " + type);
            return value.toString();
        } else if (value instanceof Boolean bool) {
            require(type.is("bool") || type.is("bit"), "is true or false for a column of type " + type);
            return type.is("bit") ? bit(bool) : value.toString();
        } else if (value instanceof List<?> list) {
            require(type.isArray(), "is a list for a column of type " + type);
            boolean ofLists = list.stream().anyMatch(List.class::isInstance);
            TargetType element = ofLists ? type : type.element();
            return CollectionText.array(list, each -> of(each, element), ofLists);
        } else if (value instanceof Map<?, ?> map && type.is("hstore")) {
            return CollectionText.hstore(map);
        }
        throw new UnreadableValueException("has no schema, and its type " + type + " leaves more than one reading");
    }

    private String string(String text, TargetType type) {
        if (type.is("bytea")) {
            return BytesText.ofString(binary).of(text);
        } else if (type.is("hstore")) {
            return CollectionText.hstore(FlatJson.read(text));
        }
        require(
                !type.isArray() && (type.isEnum() || STRINGS.contains(type.name())),
                "is a string without a schema, which may be bytes or text, for a column of type " + type);
        return type.isTemporal() && !type.is("interval") ? TimeText.iso(text) : text;
    }

    private static String bit(boolean set) {
        return set ? "1" : "0";
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new UnreadableValueException(otherwise + ": use value.converter.schemas.enable=true");
        }
    }
}
