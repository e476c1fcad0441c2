package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where the target's tables come from. */
public enum SchemaMode implements Worded {
    /** Changeover copies the definitions of the source into an empty target. */
    COPY("copy"),
    /** The tables exist on the target, and are empty. */
    EXISTING("existing");

    private final String word;

    SchemaMode(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
