package io.changeover.migration;

import io.changeover.migration.Operation.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request has led to in one database. When it is over, its kind says; the first line that holds counts:
 *
 * <table>
 * <caption>Ends</caption>
 * <tr><th>what was asked for</th><th>over when</th><th>as</th></tr>
 * <tr><td>anything</td><td>the pair fails, or is deleted</td><td>FAILED</td></tr>
 * <tr><td>pause, stop, resume, cancel, finish</td><td>nothing is asked any more</td><td>DONE</td></tr>
 * <tr><td></td><td>something else is asked</td><td>REPLACED</td></tr>
 * <tr><td>cutover</td><td>the step CUTOVER is done</td><td>DONE</td></tr>
 * <tr><td></td><td>it is not wanted any more</td><td>REPLACED by a request, else FAILED: it was given up</td></tr>
 * <tr><td>abort</td><td>what had begun is undone, and who was fenced is writable; nothing had begun: at once</td><td>DONE</td></tr>
 * <tr><td>rehearse</td><td>there is another result, or none to be expected</td><td>DONE, or FAILED</td></tr>
 * <tr><td>rollback</td><td>the state is ROLLED_BACK, and the old source can be written to</td><td>DONE</td></tr>
 * <tr><td></td><td>it is not wanted any more</td><td>REPLACED by a request, else FAILED: it was given up</td></tr>
 * <tr><td>reload</td><td>no table is in the queue any more, and the step APPLY is done</td><td>DONE</td></tr>
 * <tr><td>anything else</td><td>at once</td><td>DONE</td></tr>
 * </table>
 *
 * @param result in words; empty text while it is under way
 */
record OperationCourse(
        String database, State state, Optional<Instant> ended, List<OperationStep> steps, String result) {

    OperationCourse {
        steps = List.copyOf(steps);
    }

    static OperationCourse of(String database, Recorded request, List<Recorded> later) {
        return new Fold(database, request).over(later);
    }

    /** Goes through the audit. */
    private static final class Fold {

        private final String database;
        private final String what;
        private final Map<String, String> parts = new HashMap<>();
        private final List<OperationStep> steps = new ArrayList<>();
        private String step = "requested";
        private Instant began;
        private String done = "";

        Fold(String database, Recorded request) {
            this.database = database;
            this.what = request.entry().what();
            this.began = request.entry().at();
            read(request);
        }

        /** What is not mentioned is as it was. */
        private void read(Recorded recorded) {
            of(recorded).forEach(change -> parts.put(change.what(), change.after()));
        }

        private List<Change> of(Recorded recorded) {
            return recorded.entry().changes().stream()
                    .filter(change -> change.database().equals(database))
                    .toList();
        }

        private String part(String name) {
            return parts.getOrDefault(name, "");
        }

        OperationCourse over(List<Recorded> later) {
            if (!takesTime()) {
                String result = what.equals("abort") ? "withdrawn, nothing had begun" : part("state");
                return new OperationCourse(database, State.DONE, Optional.of(began), List.of(), result);
            }
            for (Recorded recorded : later) {
                read(recorded);
                Optional<State> end = end(recorded);
                if (end.isPresent()) {
                    Instant at = recorded.entry().at();
                    close(end.get(), at);
                    return new OperationCourse(database, end.get(), Optional.of(at), steps, result(end.get()));
                }
                go(recorded);
            }
            steps.add(new OperationStep(database, step, State.RUNNING, began, Optional.empty(), detail()));
            return new OperationCourse(database, State.RUNNING, Optional.empty(), steps, "");
        }

        private boolean takesTime() {
            return List.of("cutover", "rollback", "rehearse").contains(what)
                    || what.startsWith("reload ")
                    || isWish()
                    || (what.equals("abort") && isBeingUndone());
        }

        private boolean isWish() {
            return Arrays.stream(Wish.values()).anyMatch(wish -> wish.name().equalsIgnoreCase(what));
        }

        private Optional<State> end(Recorded recorded) {
            boolean deleted = change(recorded, "state")
                    .filter(change -> change.after().isEmpty())
                    .isPresent();
            boolean failed =
                    change(recorded, "state").isPresent() && part("state").equals(DatabaseState.FAILED.name());
            if (deleted || failed) {
                return Optional.of(State.FAILED);
            }
            if (isWish()) {
                return change(recorded, "asked").map(change -> change.after().isEmpty() ? State.DONE : State.REPLACED);
            }
            return switch (what) {
                case "cutover" -> endOfCutover(recorded);
                case "abort" -> isBeingUndone() ? Optional.empty() : Optional.of(State.DONE);
                case "rehearse" -> endOfRehearsal(recorded);
                case "rollback" -> endOfRollback(recorded);
                default -> endOfReload(recorded);
            };
        }

        private boolean isBeingUndone() {
            return part("aborting").equals("true");
        }

        private Optional<State> endOfRehearsal(Recorded recorded) {
            return change(recorded, "rehearse")
                    .filter(change -> change.after().isEmpty())
                    .map(change -> change(recorded, "rehearsal").isPresent() ? State.DONE : State.FAILED);
        }

        private Optional<State> endOfCutover(Recorded recorded) {
            if (stepsDone(recorded).contains(Step.CUTOVER.name())) {
                return Optional.of(State.DONE);
            }
            return change(recorded, "cutoverRequested")
                    .filter(change -> !change.after().equals("true"))
                    .map(change -> recorded.isRequest() ? State.REPLACED : State.FAILED);
        }

        private Optional<State> endOfRollback(Recorded recorded) {
            if (part("fallback").equals(Fallback.Phase.OPEN.name())) {
                return Optional.of(State.DONE);
            }
            return change(recorded, "rollbackRequested")
                    .filter(change ->
                            !change.after().equals("true") && !part("fallback").equals(Fallback.Phase.SWITCHED.name()))
                    .map(change -> recorded.isRequest() ? State.REPLACED : State.FAILED);
        }

        /** Nothing is applied while a table waits in the queue. */
        private Optional<State> endOfReload(Recorded recorded) {
            boolean followed = stepsDone(recorded).contains(Step.APPLY.name());
            return followed && part("reloads").isEmpty() ? Optional.of(State.DONE) : Optional.empty();
        }

        private Optional<Change> change(Recorded recorded, String what) {
            return of(recorded).stream()
                    .filter(change -> change.what().equals(what))
                    .findFirst();
        }

        private List<String> stepsDone(Recorded recorded) {
            Optional<Change> change = change(recorded, "steps");
            List<String> now =
                    new ArrayList<>(List.of(change.map(Change::after).orElse("").split(" ", -1)));
            now.removeAll(List.of(change.map(Change::before).orElse("").split(" ", -1)));
            return now;
        }

        private void go(Recorded recorded) {
            stepsDone(recorded).forEach(each -> done = done.isEmpty() ? each : done + " " + each);
            if (change(recorded, "state").isPresent()) {
                close(State.DONE, recorded.entry().at());
                step = part("state");
                began = recorded.entry().at();
                done = "";
            }
        }

        private void close(State state, Instant at) {
            steps.add(new OperationStep(
                    database, step, state, began, Optional.of(Duration.between(began, at)), detail()));
        }

        private String detail() {
            String reason = part("reason");
            return done.isEmpty() || reason.isEmpty() ? done + reason : done + "; " + reason;
        }

        private String result(State state) {
            return switch (state) {
                case RUNNING -> "";
                case DONE -> {
                    if (what.equals("abort")) {
                        yield part("state") + ": " + part("reason");
                    }
                    yield what.equals("finish") ? "finished" : part("state");
                }
                case REPLACED -> "something else was asked for";
                case FAILED -> part("reason").isEmpty() ? "deleted" : part("reason");
            };
        }
    }
}
