package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** Which way applications are sent when a hook is run. */
public enum HookDirection implements Worded {
    /** From the source to the target. */
    CUTOVER("cutover"),
    /** After a cutover back to the old source, which is the target then. */
    ROLLBACK("rollback");

    private final String word;

    HookDirection(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
