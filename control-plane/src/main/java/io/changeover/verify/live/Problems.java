package io.changeover.verify.live;

import io.changeover.spec.VerificationMode;
import io.changeover.verify.live.TableVerification.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the verification has against a cutover. */
final class Problems {

    private static final Set<State> ENOUGH = Set.of(State.VERIFIED, State.LEFT_TO_COMPARISON, State.DIFFERENT);
    private static final int NAMED = 5;

    private Problems() {}

    /**
     * A sentence each; empty if nothing stands in the way.
     *
     * @param mode what it is to mean
     * @param pair {@code migration/database}, for what to do
     * @param hasBegun whether the tables are known
     */
    static List<String> of(VerificationMode mode, String pair, boolean hasBegun, List<TableVerification> tables) {
        if (mode == VerificationMode.OFF) {
            return List.of();
        }
        List<String> problems = new ArrayList<>(differences(pair, tables));
        if (mode == VerificationMode.REQUIRED) {
            List<TableVerification> lacking = tables.stream()
                    .filter(table -> !ENOUGH.contains(table.state()))
                    .toList();
            if (!hasBegun) {
                problems.add("CO-2086: no table is verified yet, and the verification is required");
            } else if (!lacking.isEmpty()) {
                problems.add("CO-2086: " + lacking.size() + " tables are not verified yet, and the verification is"
                        + " required: " + named(lacking));
            }
        }
        return problems;
    }

    /** Rows that differ. */
    static List<String> differences(String pair, List<TableVerification> tables) {
        return tables.stream()
                .filter(table -> table.state() == State.DIFFERENT)
                .map(table -> "CO-2085: " + rows(table) + " of " + table.table()
                        + " differ from the source's. changeover verify " + pair + " --table " + table.table()
                        + " names them; with --repair the table is loaded again")
                .toList();
    }

    private static String rows(TableVerification table) {
        int count = table.mismatches().size();
        return count == 0 ? "rows" : (count >= TableTrack.MOST_MISMATCHES ? "at least " : "") + count + " rows";
    }

    private static String named(List<TableVerification> tables) {
        String names = tables.stream()
                .limit(NAMED)
                .map(table -> table.table()
                        + (table.state() == State.UNREADABLE
                                ? " (" + table.note().orElse("") + ")"
                                : ""))
                .collect(Collectors.joining(", "));
        return tables.size() > NAMED ? names + " …" : names;
    }
}
