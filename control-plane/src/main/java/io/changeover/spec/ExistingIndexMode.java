package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** What happens to indexes that the target's tables have before the load. */
public enum ExistingIndexMode implements Worded {
    /** They stay, and the load maintains them row by row. */
    KEEP("keep"),
    /** They are dropped, with a record of their definitions, and made again when the rows are there. */
    REBUILD("rebuild");

    private final String word;

    ExistingIndexMode(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
