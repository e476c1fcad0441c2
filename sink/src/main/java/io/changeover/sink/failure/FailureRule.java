package io.changeover.sink.failure;

import java.util.List;

/**
 * A line of the {@link FailureTable}.
 *
 * @param states beginnings of SQLSTATEs; the longest one in the table that fits decides
 * @param meaning what has happened
 * @param advice what the operator does
 */
record FailureRule(FailurePolicy policy, List<String> states, String meaning, String advice) {

    FailureRule {
        states = List.copyOf(states);
    }

    /** How many characters of an SQLSTATE fit, -1 if none of the beginnings does. */
    int fit(String state) {
        return states.stream()
                .filter(state::startsWith)
                .mapToInt(String::length)
                .max()
                .orElse(-1);
    }
}
