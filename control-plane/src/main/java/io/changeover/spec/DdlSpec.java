package io.changeover.spec;

/**
 * How a change of the source's definitions is noticed.
 *
 * @param eventTrigger whether an event trigger on the source records the statements; without one what was altered is
 *     told from the catalogs, but not by which statement and by whom
 */
public record DdlSpec(boolean eventTrigger) {

    /** By the catalogs alone: nothing is made on the source for it. */
    public static final DdlSpec DEFAULT = new DdlSpec(false);
}
