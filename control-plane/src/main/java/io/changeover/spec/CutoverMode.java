package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** Who says when to cut over. */
public enum CutoverMode implements Worded {
    /** Changeover, as soon as all gates are green. */
    AUTO("auto"),
    /** A person. */
    MANUAL("manual");

    private final String word;

    CutoverMode(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
