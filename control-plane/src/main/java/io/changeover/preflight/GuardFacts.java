package io.changeover.preflight;

import java.util.List;

/**
 * What the constraint guard will meet on a target.
 *
 * @param obstacles triggers, rules and foreign keys that our role cannot set aside, as far as it has to; the object and
 *     what to do
 * @param eventTriggers the names of those that fire when a table is altered
 * @param bypassesRowSecurity whether our role is not subject to row security even where it is forced on owners
 */
record GuardFacts(List<String> obstacles, List<String> eventTriggers, boolean bypassesRowSecurity) {

    /** A target on which nothing is in the way. */
    static final GuardFacts FREE = new GuardFacts(List.of(), List.of(), true);

    GuardFacts {
        obstacles = List.copyOf(obstacles);
        eventTriggers = List.copyOf(eventTriggers);
    }
}
