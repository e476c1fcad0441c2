package io.changeover.migration;

import java.util.Optional;

/**
 * A connector of a pair, as Connect shows it.
 *
 * @param name as Connect knows it
 * @param state of the connector: RUNNING, STOPPED, FAILED …, and FAILED also when a task has failed
 * @param tasks how many it has
 * @param running how many of them run
 * @param failure what went wrong, in one line; empty unless it has failed
 */
public record ConnectorLook(String name, String state, int tasks, int running, Optional<String> failure) {}
