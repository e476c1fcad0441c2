package io.changeover.former;

import io.changeover.migration.SourceCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was seen of a source that was left.
 *
 * @param stillConnected those that write first
 * @param rollbacks transactions that were rolled back since; a write that is refused is one
 * @param problems what was written since, a sentence each
 * @param unreadable why it could not be looked at; empty if it could
 */
public record FormerSource(
        Instant at,
        List<FormerClient> stillConnected,
        long rollbacks,
        List<String> problems,
        Optional<String> unreadable) {

    private static final int NAMED = 5;

    public FormerSource {
        stillConnected = stillConnected.stream()
                .sorted(Comparator.comparing(FormerClient::kind).reversed().thenComparing(FormerClient::session))
                .toList();
        problems = List.copyOf(problems);
    }

    static FormerSource unreadable(Instant at, String why) {
        return new FormerSource(at, List.of(), 0, List.of(), Optional.of(why));
    }

    /**
     * What the difference of two counts means.
     *
     * @param left when nobody could write any more
     * @param now as it is
     * @param ours whether it is Changeover that writes there now: then nothing can be told
     */
    static FormerSource of(List<FormerClient> clients, SourceCounts left, SourceCounts now, boolean ours) {
        return new FormerSource(
                now.at(),
                clients,
                Math.max(0, now.rollbacks() - left.rollbacks()),
                ours ? List.of() : problems(left, now),
                Optional.empty());
    }

    private static List<String> problems(SourceCounts left, SourceCounts now) {
        List<String> problems = new ArrayList<>();
        List<Map.Entry<String, Long>> written = now.rows().entrySet().stream()
                .map(table ->
                        Map.entry(table.getKey(), table.getValue() - left.rows().getOrDefault(table.getKey(), 0L)))
                .filter(table -> table.getValue() > 0)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .toList();
        if (!written.isEmpty()) {
            problems.add("CO-2090: somebody has written to the source since it was left at " + left.at() + ": "
                    + written.stream()
                            .limit(NAMED)
                            .map(table -> table.getValue() + " rows of " + table.getKey())
                            .collect(Collectors.joining(", "))
                    + (written.size() > NAMED ? ", and of " + (written.size() - NAMED) + " more tables" : "")
                    + ". The target does not have that");
        }
        if (now.files() != left.files()) {
            problems.add(
                    "CO-2090: a table of the source was truncated, rewritten, made or dropped since it was left at "
                            + left.at());
        }
        boolean reset = left.rows().entrySet().stream()
                .anyMatch(table -> now.rows().getOrDefault(table.getKey(), 0L) < table.getValue());
        if (reset && now.files() == left.files()) {
            problems.add("CO-2091: the statistics of the source were reset since it was left at " + left.at()
                    + ": whether somebody has written to it before cannot be told");
        }
        return problems;
    }

    /** What is in the way of letting the source be written to again, a sentence each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(problems);
        stillConnected.stream()
                .limit(NAMED)
                .map(client -> "still connected to the source: " + client.words())
                .forEach(warnings::add);
        if (stillConnected.size() > NAMED) {
            warnings.add("still connected to the source: " + (stillConnected.size() - NAMED) + " more sessions");
        }
        return warnings;
    }
}
