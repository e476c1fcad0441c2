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

    private static final List<String> WRAPPERS =
            List.of("Exiting WorkerSinkTask", "Unrecoverable exception", "Tolerance exceeded", "org.apache.kafka");

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

    /** Whether the connector was stopped, by us or by a person. */
    public boolean stopped() {
        return state.equals("STOPPED");
    }

    /** Whether it was stopped and its tasks are gone. */
    public boolean ended() {
        return stopped() && tasks.isEmpty();
    }

    /** Whether the connector or a task failed. */
    public boolean failed() {
        return state.equals("FAILED")
                || tasks.stream().anyMatch(task -> task.state().equals("FAILED"));
    }

    /** What went wrong, in one line: the failure itself, not what Connect says around it. */
    public String cause() {
        String failure = tasks.stream()
                .map(TaskStatus::trace)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(trace);
        return failure.lines()
                .filter(line -> !line.startsWith("\t"))
                .map(line -> line.replaceFirst("^Caused by: ", "").replaceFirst("^[\\w.$]+: ", ""))
                .filter(line -> WRAPPERS.stream().noneMatch(line::startsWith))
                .findFirst()
                .orElse("unknown");
    }
}
