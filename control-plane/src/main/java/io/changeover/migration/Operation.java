package io.changeover.migration;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A request of a person and what has become of it, as the audit tells: nothing of it is stored anywhere else, so it is
 * the same after a restart, and also when the migration is forgotten.
 *
 * @param id the request's place in the audit
 * @param databases source databases that it is about; empty if it is about the migration as a whole
 * @param what was asked for
 * @param who asked
 * @param ended empty while it is under way
 * @param steps what happened since, by database, in order of time
 * @param result in words; empty while it is under way
 */
public record Operation(
        long id,
        String migration,
        List<String> databases,
        String what,
        String who,
        State state,
        Instant began,
        Optional<Instant> ended,
        List<OperationStep> steps,
        Optional<String> result) {

    public Operation {
        databases = List.copyOf(databases);
        steps = List.copyOf(steps);
    }

    /** Where it is. */
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        /** Something else was asked for before it was done. */
        REPLACED
    }

    /**
     * What has become of a request.
     *
     * @param entries of the audit, the oldest first, from the request on
     * @return empty if that is no request
     */
    public static Optional<Operation> of(long id, List<Recorded> entries) {
        return entries.stream()
                .filter(recorded -> recorded.offset() == id && recorded.isRequest())
                .findFirst()
                .map(request -> of(
                        request,
                        entries.stream()
                                .filter(recorded -> recorded.offset() > id
                                        && recorded.isOf(request.entry().migration()))
                                .toList()));
    }

    private static Operation of(Recorded request, List<Recorded> later) {
        Set<String> databases = new TreeSet<>();
        request.entry().changes().stream()
                .map(Change::database)
                .filter(database -> !database.isEmpty())
                .forEach(databases::add);
        List<OperationCourse> courses = new ArrayList<>();
        databases.forEach(database -> courses.add(OperationCourse.of(database, request, later)));
        State state = worst(courses);
        return new Operation(
                request.offset(),
                request.entry().migration(),
                List.copyOf(databases),
                request.entry().what(),
                request.entry().who(),
                state,
                request.entry().at(),
                state == State.RUNNING ? Optional.empty() : Optional.of(end(request, courses)),
                courses.stream().flatMap(course -> course.steps().stream()).toList(),
                state == State.RUNNING ? Optional.empty() : Optional.of(result(courses)));
    }

    private static State worst(List<OperationCourse> courses) {
        for (State state : List.of(State.RUNNING, State.FAILED, State.REPLACED)) {
            if (courses.stream().anyMatch(course -> course.state() == state)) {
                return state;
            }
        }
        return State.DONE;
    }

    private static Instant end(Recorded request, List<OperationCourse> courses) {
        return courses.stream()
                .flatMap(course -> course.ended().stream())
                .max(Instant::compareTo)
                .orElse(request.entry().at());
    }

    private static String result(List<OperationCourse> courses) {
        List<String> results = courses.stream()
                .filter(course -> !course.result().isEmpty())
                .map(course -> course.database() + ": " + course.result())
                .toList();
        return results.isEmpty() ? "done" : String.join("; ", results);
    }

    /** The same, with the parts of the freeze if it is a cutover that is done and the migration is still there. */
    public Operation withCutover(Optional<Migration> now) {
        if (!what.equals("cutover") || state != State.DONE || databases.size() != 1) {
            return this;
        }
        Optional<DatabaseStatus> status = now.flatMap(found -> found.database(databases.get(0)));
        Optional<CutoverResult> cutover = status.flatMap(DatabaseStatus::cutover);
        Optional<Instant> freeze = steps.stream()
                .filter(step -> step.name().equals(DatabaseState.CUTTING_OVER.name()))
                .map(OperationStep::startedAt)
                .findFirst();
        if (cutover.isEmpty() || freeze.isEmpty()) {
            return this;
        }
        List<OperationStep> all = new ArrayList<>(steps);
        Instant at = freeze.get();
        for (CutoverResult.Phase phase : cutover.get().phases()) {
            Duration took = Duration.ofMillis(phase.millis());
            all.add(new OperationStep(
                    databases.get(0), phase.name(), State.DONE, at, Optional.of(took), "of the freeze"));
            at = at.plus(took);
        }
        return new Operation(id, migration, databases, what, who, state, began, ended, all, result);
    }

    /** The same, with the hooks that were run for it, if the migration is still there. */
    public Operation withHooks(Optional<Migration> now) {
        List<OperationStep> all = new ArrayList<>(steps);
        for (String database : databases) {
            now.flatMap(found -> found.database(database)).map(DatabaseStatus::hooks).orElse(List.of()).stream()
                    .filter(run -> run.operation().equals(Optional.of(id)))
                    .forEach(run -> all.add(step(database, run)));
        }
        return new Operation(id, migration, databases, what, who, state, began, ended, all, result);
    }

    private static OperationStep step(String database, HookRun run) {
        boolean running = run.state() == HookRun.State.RUNNING;
        State how = run.state() == HookRun.State.DONE ? State.DONE : State.FAILED;
        return new OperationStep(
                database,
                "hook " + run.title(),
                running ? State.RUNNING : how,
                run.began(),
                running ? Optional.empty() : Optional.of(Duration.ofMillis(run.millis())),
                (run.result() + (run.output().isEmpty() ? "" : ": " + run.output())).strip());
    }
}
