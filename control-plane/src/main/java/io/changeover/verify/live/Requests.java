package io.changeover.verify.live;

import io.changeover.postgres.TableName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which comparisons were asked for and have not begun. Safe for use by several threads. */
final class Requests {

    private final Map<TableName, String> some = new HashMap<>();
    private Optional<String> all;

    /** Whether what was taken is being prepared, and no pass has it yet. */
    private boolean beginning;

    /**
     * Those of an earlier process.
     *
     * @param all who had asked for all tables; empty if nobody had
     */
    Requests(Optional<String> all) {
        this.all = all;
    }

    synchronized void ask(String who) {
        all = Optional.of(who);
    }

    synchronized void ask(String who, TableName table) {
        some.put(table, who);
    }

    /** Whether something was asked for, or is about to begin. */
    synchronized boolean areOpen() {
        return all.isPresent() || beginning || !some.isEmpty();
    }

    /**
     * Takes what is to begin now; {@link #begun} has to follow.
     *
     * @param due who wants all tables without having asked; empty if nobody does
     */
    synchronized Optional<Wanted> take(Optional<String> due) {
        beginning = true;
        Optional<String> whole = all.or(() -> due);
        Optional<Wanted> taken = whole.map(who -> new Wanted(who, Set.of(), true));
        if (taken.isEmpty() && !some.isEmpty()) {
            String who = some.values().stream().distinct().sorted().collect(Collectors.joining(", "));
            taken = Optional.of(new Wanted(who, some.keySet(), true));
        }
        all = Optional.empty();
        some.clear();
        return taken;
    }

    /** What was taken could not begin, and is not forgotten. */
    synchronized void giveBack(Wanted wanted) {
        if (wanted.told() && wanted.isAll()) {
            all = all.or(() -> Optional.of(wanted.who()));
        } else if (wanted.told()) {
            wanted.some().forEach(table -> some.putIfAbsent(table, wanted.who()));
        }
    }

    /** A pass has what was taken, or it was given back. */
    synchronized void begun() {
        beginning = false;
    }
}
