package io.changeover.sink.target;

import java.util.Set;

/**
 * The type of a column on the target, domains resolved.
 *
 * @param name the catalog's short name: {@code int4}, {@code timestamptz}; of an array that of its elements
 * @param isArray whether it is an array
 * @param isEnum whether it, or that of its elements, is an enumeration
 */
public record TargetType(String name, boolean isArray, boolean isEnum) {

    private static final Set<String> TEMPORAL =
            Set.of("date", "time", "timetz", "timestamp", "timestamptz", "interval");
    private static final Set<String> TEXT = Set.of("text", "varchar", "bpchar", "name", "char", "citext");

    public TargetType element() {
        return new TargetType(name, false, isEnum);
    }

    public boolean is(String type) {
        return !isArray && name.equals(type);
    }

    /** A number could be days, milliseconds or anything else. */
    public boolean isTemporal() {
        return !isArray && TEMPORAL.contains(name);
    }

    public boolean isText() {
        return !isArray && TEXT.contains(name);
    }

    @Override
    public String toString() {
        return isArray ? name + "[]" : name;
    }
}
