package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** Which way the rows of the full load go. */
public enum LoadMode implements Worded {
    /** From server to server, through workers that reach both. */
    COPY("copy"),
    /** Through a topic: some workers reach the source, others the target. */
    TOPIC("topic");

    private final String word;

    LoadMode(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
