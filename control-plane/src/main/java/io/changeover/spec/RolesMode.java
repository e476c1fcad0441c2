package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** What happens to the roles that the objects of the source need, and to their rights. */
public enum RolesMode implements Worded {
    /** Nothing: roles and rights are the operator's. */
    LEAVE("leave"),
    /** Roles that the target lacks are made, without passwords, and rights are granted as on the source. */
    COPY("copy");

    private final String word;

    RolesMode(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
