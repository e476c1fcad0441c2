package io.changeover.sink.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table in memory that checks its constraints row by row, as a server does: {@code primary key (k, l)}, where equal
 * values of {@code k} may be other texts (1.0 and 1.00, a and A); {@code c unique not null}; {@code u unique};
 * {@code p} unique where {@code active}; {@code unique (lower(e))}; ranges {@code r} exclude each other; {@code d} is
 * unique at the end of a transaction.
 */
final class ModelTable {

    static final List<String> COLUMNS = List.of("k", "l", "c", "u", "p", "active", "e", "r", "d", "big", "v");
    static final List<String> PRIMARY_KEY = List.of("k", "l");
    static final List<String> INDEX = List.of("c");

    /** The server says no. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1;

        Violation(String constraint) {
            super(constraint);
        }
    }

    private final List<Map<String, @Nullable String>> rows = new ArrayList<>();

    ModelTable copy() {
        ModelTable copy = new ModelTable();
        rows.forEach(row -> copy.rows.add(new LinkedHashMap<>(row)));
        return copy;
    }

    int size() {
        return rows.size();
    }

    Map<String, @Nullable String> row(int index) {
        return new LinkedHashMap<>(rows.get(index));
    }

    /** What can be compared. */
    Set<Map<String, @Nullable String>> content() {
        return new HashSet<>(rows);
    }

    void insert(Map<String, @Nullable String> row) {
        check(row);
        rows.add(new LinkedHashMap<>(row));
    }

    /** Changes the row that a key names: exactly one. */
    void update(Map<String, @Nullable String> key, Map<String, @Nullable String> values) {
        Map<String, @Nullable String> row = only(key);
        Map<String, @Nullable String> changed = new LinkedHashMap<>(row);
        changed.putAll(values);
        rows.remove(row);
        try {
            check(changed);
        } catch (Violation e) {
            rows.add(row);
            throw e;
        }
        rows.add(changed);
    }

    void delete(Map<String, @Nullable String> key) {
        rows.remove(only(key));
    }

    /** What is checked at the end of a transaction only. */
    void checkDeferred() {
        Set<String> values = new HashSet<>();
        rows.stream().map(row -> row.get("d")).filter(Objects::nonNull).forEach(value -> {
            if (!values.add(value)) {
                throw new Violation("d");
            }
        });
    }

    private Map<String, @Nullable String> only(Map<String, @Nullable String> key) {
        List<Map<String, @Nullable String>> found = rows.stream()
                .filter(row -> key.entrySet().stream()
                        .allMatch(part -> Objects.equals(
                                folded(part.getKey(), part.getValue()), folded(part.getKey(), row.get(part.getKey())))))
                .toList();
        if (found.size() != 1) {
            throw new Violation(found.size() + " rows");
        }
        return found.get(0);
    }

    /** What the index compares. */
    private static @Nullable String folded(String column, @Nullable String value) {
        return value == null || !column.equals("k")
                ? value
                : value.toLowerCase(Locale.ROOT).replaceFirst("\\.0+$", "");
    }

    private void check(Map<String, @Nullable String> row) {
        if (row.get("k") == null || row.get("l") == null || row.get("c") == null) {
            throw new Violation("not null");
        }
        unique("primary key", row, each -> folded("k", each.get("k")) + " " + each.get("l"));
        unique("c", row, each -> each.get("c"));
        unique("u", row, each -> each.get("u"));
        unique("p", row, each -> "t".equals(each.get("active")) ? each.get("p") : null);
        unique("lower(e)", row, each -> lower(each.get("e")));
        if (rows.stream().anyMatch(each -> overlap(each.get("r"), row.get("r")))) {
            throw new Violation("exclusion");
        }
    }

    private void unique(
            String constraint,
            Map<String, @Nullable String> row,
            Function<Map<String, @Nullable String>, @Nullable String> value) {
        String wanted = value.apply(row);
        if (wanted != null && rows.stream().anyMatch(each -> wanted.equals(value.apply(each)))) {
            throw new Violation(constraint);
        }
    }

    private static @Nullable String lower(@Nullable String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    /** Ranges are two digits, the second of which is outside. */
    private static boolean overlap(@Nullable String one, @Nullable String other) {
        return one != null && other != null && one.charAt(0) < other.charAt(1) && other.charAt(0) < one.charAt(1);
    }
}
