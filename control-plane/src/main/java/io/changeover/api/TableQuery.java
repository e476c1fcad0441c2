package io.changeover.api;

import io.changeover.lag.TableProgress;
import io.changeover.lag.TableProgress.LoadState;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which tables of a pair are asked for, in which order, and how many of them.
 *
 * @param states of the load; all if it is empty
 * @param text a part of the name, in lower case; all names if it is empty
 * @param after the end of the page before
 */
record TableQuery(
        Set<LoadState> states, String text, TableOrder order, OptionalInt limit, Optional<TableCursor> after) {

    private static final int MOST = 10_000;

    private static final List<String> NAMES = List.of("state", "q", "sort", "limit", "cursor");

    TableQuery {
        states = Set.copyOf(states);
    }

    /**
     * A page.
     *
     * @param next where the next page begins; empty on the last one
     */
    record Page(List<TableProgress> tables, Optional<TableCursor> next) {

        Page {
            tables = List.copyOf(tables);
        }
    }

    /** Reads the parameters of a request; what is wrong of them is a bad request that names it. */
    static TableQuery parse(MultivaluedMap<String, String> parameters) {
        for (String name : parameters.keySet()) {
            if (!NAMES.contains(name)) {
                throw Problem.badRequest(
                        ProblemCode.WRONG_PARAMETER,
                        "There is no parameter " + name + ", only " + String.join(", ", NAMES));
            }
            if (parameters.get(name).size() > 1) {
                throw Problem.badRequest(
                        ProblemCode.WRONG_PARAMETER,
                        name + " must be given once; several states are divided by commas");
            }
        }
        TableOrder order = value(parameters, "sort").map(TableOrder::parse).orElse(TableOrder.BY_NAME);
        return new TableQuery(
                states(value(parameters, "state").orElse("")),
                value(parameters, "q").orElse("").toLowerCase(Locale.ROOT),
                order,
                limit(value(parameters, "limit").orElse("")),
                value(parameters, "cursor").map(text -> TableCursor.parse(text, order)));
    }

    private static Optional<String> value(MultivaluedMap<String, String> parameters, String name) {
        return Optional.ofNullable(parameters.getFirst(name)).filter(value -> !value.isEmpty());
    }

    private static Set<LoadState> states(String text) {
        Set<LoadState> states = EnumSet.noneOf(LoadState.class);
        for (String word : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            states.add(Arrays.stream(LoadState.values())
                    .filter(state -> state.name().equals(word.toUpperCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> Problem.badRequest(
                            ProblemCode.WRONG_PARAMETER,
                            "state must be one or more of "
                                    + Arrays.stream(LoadState.values())
                                            .map(state -> state.name().toLowerCase(Locale.ROOT))
                                            .collect(Collectors.joining(", "))
                                    + "; not " + word)));
        }
        return states;
    }

    private static OptionalInt limit(String text) {
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        boolean number = text.matches("[0-9]{1,9}");
        if (!number || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST) {
            throw Problem.badRequest(
                    ProblemCode.WRONG_PARAMETER, "limit must be a whole number from 1 to " + MOST + ", not " + text);
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    /** The page of these tables. */
    Page of(List<TableProgress> tables) {
        List<TableProgress> found = tables.stream()
                .filter(this::isWanted)
                .sorted((one, other) -> order.compare(order.place(one), order.place(other)))
                .limit(limit.isPresent() ? limit.getAsInt() + 1L : Long.MAX_VALUE)
                .toList();
        if (limit.isEmpty() || found.size() <= limit.getAsInt()) {
            return new Page(found, Optional.empty());
        }
        List<TableProgress> page = found.subList(0, limit.getAsInt());
        return new Page(page, Optional.of(new TableCursor(order, order.place(page.get(page.size() - 1)))));
    }

    private boolean isWanted(TableProgress table) {
        return (states.isEmpty() || states.contains(table.state()))
                && (text.isEmpty()
                        || table.table().toString().toLowerCase(Locale.ROOT).contains(text))
                && after.filter(cursor -> order.compare(order.place(table), cursor.place()) <= 0)
                        .isEmpty();
    }
}
