package io.changeover.verify.live;

import io.changeover.migration.AuditEntry.Cause;
import io.changeover.migration.VerificationChange.Event;
import io.changeover.migration.VerifiedTable;
import io.changeover.migration.VerifiedTable.Outcome;
import io.changeover.postgres.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A verification that was asked for, or was due, and is under way.
 *
 * @param who asked for it
 * @param all whether it is of all tables
 * @param tables of which it is
 */
record Course(String who, boolean all, Set<TableName> tables) {

    Course {
        tables = Set.copyOf(tables);
    }

    /** Whether every table of it has an outcome; one that is gone needs none. */
    boolean isOver(Collection<TableTrack> tracks) {
        return of(tracks).stream().allMatch(TableTrack::isSettled);
    }

    private List<TableTrack> of(Collection<TableTrack> tracks) {
        return tracks.stream().filter(track -> tables.contains(track.name())).toList();
    }

    /** For the audit. */
    Event began() {
        return new Event(Cause.ITSELF, "", "", "started: " + what() + by());
    }

    /** For the audit. */
    Event ended(Collection<TableTrack> tracks) {
        List<VerifiedTable> found =
                of(tracks).stream().map(track -> track.kept().found()).toList();
        long rows = found.stream().mapToLong(VerifiedTable::rows).sum();
        String outcomes = found.stream()
                .collect(Collectors.groupingBy(VerifiedTable::outcome, java.util.TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(each -> each.getKey() != Outcome.NONE)
                .map(each -> each.getValue() + " " + each.getKey())
                .collect(Collectors.joining(", "));
        return new Event(
                Cause.ITSELF,
                "",
                "started",
                "finished: " + what() + (outcomes.isEmpty() ? "" : ", " + outcomes) + ", " + rows + " rows" + by());
    }

    private String what() {
        return all || tables.size() != 1
                ? tables.size() + " tables"
                : tables.iterator().next().toString();
    }

    private String by() {
        return who.equals(Cause.ITSELF.who()) ? "" : "; asked for by " + who;
    }
}
