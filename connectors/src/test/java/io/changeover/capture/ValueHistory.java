package io.changeover.capture;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What {@link ValueTable#changes()} has to look like for one row.
 *
 * @param values the row as it was inserted
 */
record ValueHistory(TableName table, int id, Map<String, String> values) {

    /** An empty map is no row; {@code partial} allows columns to be missing. */
    private record Step(Map<String, String> before, Map<String, String> after, boolean partial) {}

    private List<Step> steps() {
        Map<String, String> key = Map.of("id", String.valueOf(id));
        return List.of(
                new Step(Map.of(), values, false),
                new Step(key, with("1", false), true),
                new Step(key, with("1", true), false),
                new Step(key, with("1", false), false),
                new Step(with("1", false), with("2", false), true),
                new Step(with("2", false), with("2", true), false),
                new Step(with("2", true), with("2", false), false),
                new Step(with("2", false), Map.of(), false));
    }

    private Map<String, String> with(String other, boolean empty) {
        Map<String, String> row = new LinkedHashMap<>(values);
        if (empty) {
            row.replaceAll((column, value) -> column.equals("id") ? value : null);
        }
        row.put(ValueTable.OTHER, other);
        return row;
    }

    /** Says in which steps and columns the changes are not these; without long values. */
    List<String> differences(List<ChangeEvent> changes) {
        List<Step> steps = steps();
        String row = table + " " + id;
        if (changes.size() != steps.size()) {
            return List.of(row + ": " + changes.size() + " changes in the place of " + steps.size());
        }
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            String where = row + ", step " + i;
            differences.addAll(differences(where + ", before", step.before(), before(changes.get(i)), false));
            differences.addAll(differences(where + ", after", step.after(), after(changes.get(i)), step.partial()));
        }
        return differences;
    }

    /** Says which columns differ. */
    static List<String> differences(
            String where, Map<String, String> expected, Map<String, String> actual, boolean partial) {
        List<String> differences = new ArrayList<>();
        expected.forEach((column, value) -> {
            if (!actual.containsKey(column)) {
                if (!partial) {
                    differences.add(where + ": no column " + column);
                }
            } else if (!Objects.equals(value, actual.get(column))) {
                differences.add(
                        where + ", column " + column + ": " + shown(actual.get(column)) + " for " + shown(value));
            }
        });
        actual.keySet().stream()
                .filter(column -> !expected.containsKey(column))
                .forEach(column -> differences.add(where + ": too many: " + column));
        return differences;
    }

    private static String shown(String value) {
        return value == null || value.length() < 200 ? value : value.substring(0, 200) + "… (" + value.length() + ")";
    }

    private static Map<String, String> before(ChangeEvent event) {
        return event instanceof ChangeEvent.Update update
                ? map(update.before())
                : event instanceof ChangeEvent.Delete delete ? map(delete.before()) : Map.of();
    }

    private static Map<String, String> after(ChangeEvent event) {
        return event instanceof ChangeEvent.Update update
                ? map(update.after())
                : event instanceof ChangeEvent.Insert insert ? map(insert.after()) : Map.of();
    }

    private static Map<String, String> map(Tuple tuple) {
        return tuple.toMap();
    }
}
