package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** What happens to tables of the source whose old rows the WAL cannot name, so that they cannot be published. */
public enum ReplicaIdentityMode implements Worded {
    /** Nothing: the preflight refuses them. */
    KEEP("keep"),
    /** Changeover gives them REPLICA IDENTITY FULL until it cleans up. */
    FULL_WHERE_MISSING("full-where-missing");

    private final String word;

    ReplicaIdentityMode(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
