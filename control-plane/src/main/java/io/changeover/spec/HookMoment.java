package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** On which side of a step a hook is. */
public enum HookMoment implements Worded {
    BEFORE("before"),
    AFTER("after");

    private final String word;

    HookMoment(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
