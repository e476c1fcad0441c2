package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** Who keeps applications from writing to the source in the cutover. */
public enum FenceMode implements Worded {
    /** Changeover, by locks on all tables, which end with it. */
    LOCK("lock"),
    /** The operator, who stops the applications; Changeover proves that nobody writes. */
    EXTERNAL("external");

    private final String word;

    FenceMode(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
