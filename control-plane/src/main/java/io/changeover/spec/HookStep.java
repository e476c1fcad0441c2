package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The steps of a cutover before and after which a hook can be, in their order. In a rollback the old source is the
 * target of which they speak.
 */
public enum HookStep implements Worded {
    /** Large objects are compared, and a marker is sent ahead; applications go on writing. */
    PREPARATION("preparation"),
    /** Writers are kept from writing; from then on the freeze counts. */
    FENCE("fence"),
    /** The target gets everything that was committed before the fence. */
    DRAIN("drain"),
    FOREIGN_KEYS("foreign-keys"),
    VERIFICATION("verification"),
    SEQUENCES("sequences"),
    /** Triggers, rules and foreign keys of the target are put back. */
    TRIGGERS("triggers"),
    MATERIALIZED_VIEWS("materialized-views"),
    /** New sessions of the source are read-only, the others are ended. */
    READ_ONLY_SOURCE("read-only-source"),
    LARGE_OBJECTS("large-objects"),
    /** The target is recorded as the one to write to. */
    COMPLETED("completed"),
    /** The cutover was given up, aborted or interrupted; the source is writable. */
    GIVEN_UP("given-up");

    private final String word;

    HookStep(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }

    /** Whether there is nothing left to be kept from happening when a hook of this moment is run. */
    public boolean isDecided(HookMoment at) {
        return this == GIVEN_UP || (this == COMPLETED && at == HookMoment.AFTER);
    }
}
