package io.changeover.verify.live;

import io.changeover.migration.AuditEntry.Cause;
import io.changeover.migration.VerificationChange;
import io.changeover.migration.VerificationChange.Event;
import io.changeover.migration.VerificationResult;
import io.changeover.migration.VerificationRun;
import io.changeover.migration.VerificationRun.StreamPoint;
import io.changeover.migration.VerifiedTable;
import io.changeover.migration.VerifiedTable.Outcome;
import io.changeover.postgres.TableName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stores what a verification finds: outcomes, not parts. What is stored can be trusted by another process because it is
 * written in one piece: the outcomes, and a place in the change topic before which nothing of the tables that are
 * covered is still to be asked for. What became of a table since is found by reading on from there; a record that is as
 * old as one likes stays true. The audit is told in the same piece. Safe for use by several threads.
 */
final class Keeping {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    /** The place alone; a restart reads the topic again for as long as that, and what waited then. */
    private static final Duration BETWEEN_PLACES = Duration.ofSeconds(30);

    private final Memory memory;
    private final Clock clock;
    private final Map<TableName, VerifiedTable> stored = new HashMap<>();
    private final List<Course> courses = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final Set<TableName> asked = new HashSet<>();
    private VerificationRun storedRun;
    private volatile VerificationRun run;
    private Instant looked = Instant.EPOCH;
    private Instant written = Instant.EPOCH;

    Keeping(Memory memory, Clock clock) {
        this.memory = memory;
        this.clock = clock;
        VerificationResult found = memory.remembered();
        found.tables().forEach(table -> stored.put(table.table(), table));
        storedRun = found.run();
        run = storedRun;
    }

    /**
     * What is looked at.
     *
     * @param next everything of the topic before it was read
     * @param topicId empty while the topic is not read: what is stored of tables then stays as it is
     */
    record Scene(Collection<TableTrack> tracks, long next, Optional<String> topicId) {}

    /** The last verification of all tables. */
    VerificationRun run() {
        return run;
    }

    /** Goes on with the verification of all tables that another process has begun. */
    synchronized void goOn(Set<TableName> tables) {
        if (run.goesOn()) {
            courses.add(new Course(run.who(), true, tables));
        }
    }

    /** Somebody wants all tables verified. */
    synchronized void askedFor(String who) {
        run = run.askedBy(who);
        events.add(new Event(new Cause(who, "verify"), "", "", "asked for: all tables"));
    }

    /** Somebody wants a table verified. */
    synchronized void askedFor(String who, TableName table) {
        asked.add(table);
        events.add(new Event(new Cause(who, "verify " + table), "", "", "asked for: " + table));
    }

    /** A verification has begun. */
    synchronized void began(Course course) {
        if (course.all()) {
            run = run.begun(clock.instant(), course.who());
            courses.removeIf(Course::all);
        }
        asked.removeAll(course.tables());
        courses.add(course);
        events.add(course.began());
    }

    /** Stores what is new, unless that was done a moment ago. */
    synchronized void look(Scene scene) {
        Instant now = clock.instant();
        if (!looked.plus(BETWEEN_LOOKS).isAfter(now)) {
            looked = now;
            keep(scene);
        }
    }

    /** Stores what is new, now. */
    synchronized void keep(Scene scene) {
        if (scene.topicId().isPresent()) {
            endCourses(scene);
        }
        VerificationChange change = change(scene);
        boolean isNew = !change.tables().isEmpty()
                || !change.gone().isEmpty()
                || !change.events().isEmpty()
                || !change.run().seen(Optional.empty()).equals(storedRun.seen(Optional.empty()));
        boolean moved = !change.run().seen().equals(storedRun.seen())
                && !written.plus(BETWEEN_PLACES).isAfter(clock.instant());
        if (isNew || moved) {
            memory.keep(change);
            change.tables().forEach(table -> stored.put(table.table(), table));
            change.gone().forEach(stored::remove);
            events.clear();
            run = change.run();
            storedRun = run;
            written = clock.instant();
        }
    }

    private void endCourses(Scene scene) {
        for (Iterator<Course> each = courses.iterator(); each.hasNext(); ) {
            Course course = each.next();
            if (course.isOver(scene.tracks())) {
                events.add(course.ended(scene.tracks()));
                run = course.all() ? run.over(clock.instant()) : run;
                each.remove();
            }
        }
    }

    /** What differs from what is stored. */
    private VerificationChange change(Scene scene) {
        if (scene.topicId().isEmpty()) {
            return new VerificationChange(run, List.of(), Set.of(), events);
        }
        List<VerifiedTable> tables = new ArrayList<>();
        List<Event> told = new ArrayList<>(events);
        Set<TableName> gone = new HashSet<>(stored.keySet());
        long from = scene.next();
        for (TableTrack track : scene.tracks()) {
            TableTrack.Kept kept = track.kept();
            VerifiedTable found = asked.contains(track.name()) ? kept.found().uncovered() : kept.found();
            from = found.covered() ? Math.min(from, kept.from()) : from;
            VerifiedTable before = stored.getOrDefault(track.name(), VerifiedTable.none(track.name(), false));
            if (!found.equals(before)) {
                tables.add(found);
                event(before, found).ifPresent(told::add);
            }
            gone.remove(track.name());
        }
        StreamPoint seen = new StreamPoint(scene.topicId().get(), from);
        return new VerificationChange(run.seen(Optional.of(seen)), tables, gone, told);
    }

    private static Optional<Event> event(VerifiedTable before, VerifiedTable now) {
        boolean differed = before.outcome() == Outcome.DIFFERENT || before.mending();
        String table = now.table().toString();
        if (now.outcome() == Outcome.DIFFERENT && before.outcome() != Outcome.DIFFERENT) {
            return Optional.of(
                    new Event(Cause.ITSELF, table, before.outcome().name(), "DIFFERENT: " + now.differing()));
        }
        return now.outcome() == Outcome.VERIFIED && differed
                ? Optional.of(new Event(
                        Cause.ITSELF, table, before.outcome().name(), "VERIFIED: repaired, all rows are the same"))
                : Optional.empty();
    }
}
