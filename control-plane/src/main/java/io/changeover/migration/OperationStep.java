package io.changeover.migration;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A part of an operation: a state of a database pair, or a part of the freeze.
 *
 * @param database the source database
 * @param state where it is
 * @param duration empty while it is under way
 * @param detail the steps that were done in it, and the last reason; empty text if there is nothing to say
 */
public record OperationStep(
        String database,
        String name,
        Operation.State state,
        Instant startedAt,
        Optional<Duration> duration,
        String detail) {}
