package io.changeover.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * One object that is not the same on both sides. Holds definitions, never rows.
 *
 * @param kind {@code column}, {@code index}, {@code sequence value} …
 * @param object its name, with the schema
 * @param source how the source has it; empty if it has none
 * @param target how the target has it; empty if it has none
 */
public record Difference(String kind, String object, Optional<String> source, Optional<String> target) {

    /**
     * What differs between two maps from object to definition.
     *
     * @param same whether two definitions mean the same
     * @return sorted by object
     */
    public static List<Difference> between(
            String kind,
            SortedMap<String, String> source,
            SortedMap<String, String> target,
            BiPredicate<String, String> same) {
        SortedSet<String> objects = new TreeSet<>(source.keySet());
        objects.addAll(target.keySet());
        List<Difference> differences = new ArrayList<>();
        for (String object : objects) {
            Optional<String> left = Optional.ofNullable(source.get(object));
            Optional<String> right = Optional.ofNullable(target.get(object));
            boolean equal = left.isPresent() && right.isPresent() && same.test(left.get(), right.get());
            if (!equal) {
                differences.add(new Difference(kind, object, left, right));
            }
        }
        return List.copyOf(differences);
    }

    /** What differs where only the same text is the same. */
    public static List<Difference> between(
            String kind, SortedMap<String, String> source, SortedMap<String, String> target) {
        return between(kind, source, target, Objects::equals);
    }

    /** A line for people. */
    @Override
    public String toString() {
        return kind + " " + object + ": source " + source.orElse("has none") + ", target " + target.orElse("has none");
    }
}
