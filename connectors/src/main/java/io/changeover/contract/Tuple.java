package io.changeover.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a row that were sent, in order, each as PostgreSQL's own text in canonical settings. SQL's NULL is
 * null. A column that was not sent (an unchanged TOAST value) is not in the tuple, which no value can equal.
 */
public final class Tuple {

    /** No columns. */
    public static final Tuple EMPTY = new Tuple(List.of(), new String[0]);

    private final List<String> names;
    private final @Nullable String[] values;

    private Tuple(List<String> names, @Nullable String[] values) {
        this.names = names;
        this.values = values;
    }

    /** A tuple of a map's entries, in the map's order. Values are strings or null. */
    public static Tuple of(Map<String, ? extends @Nullable Object> columns) {
        Builder builder = new Builder(columns.size());
        columns.forEach((name, value) -> builder.add(name, value == null ? null : value.toString()));
        return builder.build();
    }

    /**
     * A tuple of these columns.
     *
     * @param names shared between tuples of the same columns; not copied if unmodifiable
     * @param values of the same length; the tuple's own from now on
     */
    public static Tuple of(List<String> names, @Nullable String[] values) {
        if (names.size() != values.length) {
            throw new IllegalArgumentException(names.size() + " columns and " + values.length + " values");
        }
        return new Tuple(List.copyOf(names), values);
    }

    /** Column names, as in the source's catalog. */
    public List<String> names() {
        return names;
    }

    public int size() {
        return values.length;
    }

    /** The text of a column; null is SQL's NULL. */
    public @Nullable String value(int index) {
        return values[index];
    }

    /** The position of a column, or -1 if it was not sent. */
    public int indexOf(String name) {
        return names.indexOf(name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tuple tuple
                && names.equals(tuple.names)
                && java.util.Arrays.equals(values, tuple.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(names, java.util.Arrays.hashCode(values));
    }

    /** Names only: row values do not belong into logs. */
    @Override
    public String toString() {
        return names.toString();
    }

    /** The text of the named columns as a map with null for NULL; for encoders and tests. */
    public Map<String, @Nullable String> toMap() {
        Map<String, @Nullable String> map = new java.util.LinkedHashMap<>();
        IntStream.range(0, size()).forEach(i -> map.put(names.get(i), values[i]));
        return map;
    }

    /** Collects columns in order. Not thread-safe. */
    public static final class Builder {

        private final List<String> names;
        private final List<@Nullable String> values;

        public Builder(int expectedColumns) {
            names = new ArrayList<>(expectedColumns);
            values = new ArrayList<>(expectedColumns);
        }

        public Builder add(String name, @Nullable String value) {
            names.add(name);
            values.add(value);
            return this;
        }

        public Tuple build() {
            return new Tuple(List.copyOf(names), values.toArray(new String[0]));
        }
    }
}
