package io.changeover.migration;

import java.time.Instant;

/** A line of the timeline: a state and when it began. */
public record Transition(DatabaseState state, Instant at) {}
