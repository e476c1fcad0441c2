package io.changeover.connect;

import java.util.List;

/**
 * A connector and its tasks, as Connect sees them.
 *
 * @param state of the connector: RUNNING, PAUSED, STOPPED, FAILED, UNASSIGNED …
 * @param trace of the connector's own failure, or empty text
 * @param tasks in order of their number
 */
public record ConnectorStatus(String state, String trace, List<TaskStatus> tasks) {

    public ConnectorStatus {
        tasks = List.copyOf(tasks);
    }

    /** A task; {@code trace} is empty text unless it failed. */
    public record TaskStatus(int id, String state, String trace) {}

    /** Whether the connector runs, with at least one task, and all of them. */
    public boolean running() {
        return state.equals("RUNNING")
                && !tasks.isEmpty()
                && tasks.stream().allMatch(task -> task.state().equals("RUNNING"));
    }

    /** Whether the connector or a task failed. */
    public boolean failed() {
        return state.equals("FAILED")
                || tasks.stream().anyMatch(task -> task.state().equals("FAILED"));
    }

    /** The first line of what went wrong and of what caused it. */
    public String cause() {
        String failure = tasks.stream()
                .map(TaskStatus::trace)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(trace);
        String first = failure.lines().findFirst().orElse("");
        int colon = first.indexOf(": ");
        return colon > 0 && first.substring(0, colon).matches("[\\w.$]+") ? first.substring(colon + 2) : first;
    }
}
