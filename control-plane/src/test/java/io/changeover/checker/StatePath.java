package io.changeover.checker;

import static io.changeover.migration.DatabaseState.CANCELLED;
import static io.changeover.migration.DatabaseState.CATCHING_UP;
import static io.changeover.migration.DatabaseState.COMPLETED;
import static io.changeover.migration.DatabaseState.CREATED;
import static io.changeover.migration.DatabaseState.CUTTING_OVER;
import static io.changeover.migration.DatabaseState.FAILED;
import static io.changeover.migration.DatabaseState.FULL_LOAD;
import static io.changeover.migration.DatabaseState.PAUSED;
import static io.changeover.migration.DatabaseState.PREFLIGHT;
import static io.changeover.migration.DatabaseState.READY_TO_CUTOVER;
import static io.changeover.migration.DatabaseState.SCHEMA;
import static io.changeover.migration.DatabaseState.STOPPED;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.migration.DatabaseState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The states that a pair has passed are a path of docs/states.md; what is switched is never switched back. */
public final class StatePath {

    private static final Set<DatabaseState> ANY_STEP =
            EnumSet.of(PREFLIGHT, SCHEMA, FULL_LOAD, CATCHING_UP, READY_TO_CUTOVER, CUTTING_OVER);

    private static final Map<DatabaseState, Set<DatabaseState>> FORWARD = new EnumMap<>(Map.ofEntries(
            Map.entry(CREATED, EnumSet.of(PREFLIGHT, PAUSED, STOPPED, CANCELLED)),
            Map.entry(PREFLIGHT, EnumSet.of(SCHEMA, PAUSED, STOPPED, CANCELLED)),
            Map.entry(SCHEMA, EnumSet.of(FULL_LOAD, PAUSED, STOPPED, CANCELLED)),
            Map.entry(FULL_LOAD, EnumSet.of(CATCHING_UP, PAUSED, STOPPED, CANCELLED)),
            Map.entry(CATCHING_UP, EnumSet.of(READY_TO_CUTOVER, FULL_LOAD, PAUSED, STOPPED, CANCELLED)),
            Map.entry(READY_TO_CUTOVER, EnumSet.of(CATCHING_UP, FULL_LOAD, CUTTING_OVER, PAUSED, STOPPED, CANCELLED)),
            Map.entry(CUTTING_OVER, EnumSet.of(CATCHING_UP, COMPLETED)),
            Map.entry(COMPLETED, EnumSet.noneOf(DatabaseState.class)),
            Map.entry(PAUSED, EnumSet.copyOf(with(ANY_STEP, STOPPED, CANCELLED))),
            Map.entry(STOPPED, EnumSet.copyOf(with(ANY_STEP, PAUSED, CANCELLED))),
            Map.entry(FAILED, EnumSet.copyOf(with(ANY_STEP, CANCELLED))),
            Map.entry(CANCELLED, EnumSet.noneOf(DatabaseState.class))));

    private StatePath() {}

    private static Set<DatabaseState> with(Set<DatabaseState> states, DatabaseState... more) {
        Set<DatabaseState> all = EnumSet.copyOf(states);
        all.addAll(List.of(more));
        return all;
    }

    /** What is wrong with a pair as REST shows it; empty if nothing is. */
    public static List<String> violations(JsonNode database) {
        List<DatabaseState> states = new ArrayList<>();
        database.path("timeline")
                .forEach(line ->
                        states.add(DatabaseState.valueOf(line.path("state").asText())));
        return violations(states);
    }

    static List<String> violations(List<DatabaseState> states) {
        List<String> violations = new ArrayList<>();
        if (states.isEmpty() || states.get(0) != CREATED) {
            violations.add("does not begin with CREATED: " + states);
        }
        boolean switched = false;
        for (int i = 1; i < states.size(); i++) {
            switched |= states.get(i - 1) == COMPLETED;
            if (!mayFollow(states.get(i - 1), states.get(i), switched)) {
                violations.add(states.get(i) + " follows " + states.get(i - 1) + ": " + states);
            }
        }
        return violations;
    }

    private static boolean mayFollow(DatabaseState before, DatabaseState after, boolean switched) {
        if (switched) {
            return after == FAILED || (before == FAILED && after == COMPLETED);
        }
        return after == FAILED || FORWARD.getOrDefault(before, Set.of()).contains(after);
    }
}
