package io.changeover.sink.decode.debezium;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Arrays, vectors and hstore in the forms that PostgreSQL reads. */
final class CollectionText {

    private CollectionText() {}

    /** {@code {"a",NULL}}; arrays inside are not quoted. */
    static String array(Collection<?> values, ValueText element, boolean ofArrays) {
        return values.stream()
                .map(value -> element(value, element, ofArrays))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String element(@Nullable Object value, ValueText element, boolean ofArrays) {
        if (value == null) {
            return "NULL";
        }
        String text = element.of(value);
        return ofArrays ? text : quoted(text);
    }

    /** {@code [1.5,2.0]}, as pgvector reads it. */
    static String vector(Collection<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }

    /** {@code {1:1.5,3:2.0}/5}, as pgvector reads it. */
    static String sparseVector(Map<?, ?> values, Object dimensions) {
        return values.entrySet().stream()
                        .map(each -> each.getKey() + ":" + each.getValue())
                        .collect(Collectors.joining(",", "{", "}"))
                + "/" + dimensions;
    }

    /** {@code "key"=>"value"}. */
    static String hstore(Map<?, ?> values) {
        return values.entrySet().stream()
                .map(each -> quoted(String.valueOf(each.getKey())) + "=>"
                        + (each.getValue() == null ? "NULL" : quoted(String.valueOf(each.getValue()))))
                .collect(Collectors.joining(", "));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
