package io.changeover.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a row that were sent, in order, each as PostgreSQL's own text in canonical settings. SQL's NULL is
 * null. A column that was not sent (an unchanged TOAST value) is not in the tuple, which no value can equal.
 *
 * <p>A long value may be there in parts, so that nobody needs memory for the whole in one piece; {@link #value} puts
 * them together each time.
 */
public final class Tuple {

    /** No columns. */
    public static final Tuple EMPTY = new Tuple(List.of(), new String[0]);

    private final List<String> names;
    private final @Nullable String[] values;

    /** By position; the value there is empty. */
    private final Map<Integer, List<String>> parts;

    /** Of all texts, or -1 as long as nobody has asked. Whichever thread computes it, it is the same. */
    private long length = -1;

    private Tuple(List<String> names, @Nullable String[] values) {
        this(names, values, Map.of());
    }

    private Tuple(List<String> names, @Nullable String[] values, Map<Integer, List<String>> parts) {
        this.names = names;
        this.values = values;
        this.parts = parts;
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

    /** The same tuple with one column more, whose value is in parts. */
    Tuple plus(String name, List<String> value) {
        List<String> allNames = new ArrayList<>(names);
        allNames.add(name);
        @Nullable String[] allValues = Arrays.copyOf(values, values.length + 1);
        allValues[values.length] = "";
        Map<Integer, List<String>> allParts = new HashMap<>(parts);
        allParts.put(values.length, List.copyOf(value));
        return new Tuple(List.copyOf(allNames), allValues, Map.copyOf(allParts));
    }

    /** The text of a column; null is SQL's NULL. */
    public @Nullable String value(int index) {
        List<String> found = parts(index);
        return found.isEmpty() ? values[index] : String.join("", found);
    }

    /** The same in the parts in which it is here, in order; of a short value, and of NULL, there is none. */
    public List<String> parts(int index) {
        return parts.isEmpty() ? List.of() : parts.getOrDefault(index, List.of());
    }

    /** The length of a column's text; that of NULL is 0. */
    public long length(int index) {
        String value = values[index];
        if (value == null || parts.isEmpty()) {
            return value == null ? 0 : value.length();
        }
        return value.length() + parts(index).stream().mapToLong(String::length).sum();
    }

    /** The length of all columns' texts. */
    public long length() {
        long known = length;
        if (known < 0) {
            known = 0;
            for (int i = 0; i < values.length; i++) {
                known += length(i);
            }
            length = known;
        }
        return known;
    }

    /** The position of a column, or -1 if it was not sent. */
    public int indexOf(String name) {
        return names.indexOf(name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tuple tuple
                && names.equals(tuple.names)
                && IntStream.range(0, size()).allMatch(i -> Objects.equals(value(i), tuple.value(i)));
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                names, IntStream.range(0, size()).mapToObj(this::value).toList());
    }

    /** Names only: row values do not belong into logs. */
    @Override
    public String toString() {
        return names.toString();
    }

    /** The text of the named columns as a map with null for NULL; for encoders and tests. */
    public Map<String, @Nullable String> toMap() {
        Map<String, @Nullable String> map = new java.util.LinkedHashMap<>();
        IntStream.range(0, size()).forEach(i -> map.put(names.get(i), value(i)));
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
