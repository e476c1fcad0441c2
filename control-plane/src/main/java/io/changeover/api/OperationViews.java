package io.changeover.api;

import io.changeover.migration.Operation;
import io.changeover.migration.OperationStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The JSON shape of an operation. */
public final class OperationViews {

    private OperationViews() {}

    /** A request and what has become of it. */
    public record OperationView(
            String id,
            String migration,
            List<String> databases,
            String what,
            String who,
            String state,
            Instant startedAt,
            Optional<Instant> endedAt,
            List<StepView> steps,
            Optional<String> result) {}

    /** A part of it. */
    public record StepView(
            String database, String name, String state, Instant startedAt, Optional<Long> durationMs, String detail) {}

    static OperationView of(Operation operation) {
        return new OperationView(
                String.valueOf(operation.id()),
                operation.migration(),
                operation.databases(),
                operation.what(),
                operation.who(),
                word(operation.state()),
                operation.began(),
                operation.ended(),
                operation.steps().stream().map(OperationViews::step).toList(),
                operation.result());
    }

    private static StepView step(OperationStep step) {
        return new StepView(
                step.database(),
                step.name(),
                word(step.state()),
                step.startedAt(),
                step.duration().map(Duration::toMillis),
                step.detail());
    }

    private static String word(Operation.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
