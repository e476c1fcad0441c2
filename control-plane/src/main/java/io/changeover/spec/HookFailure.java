package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** What becomes of a cutover one of whose hooks fails, or does not end in its time. */
public enum HookFailure implements Worded {
    /** It is given up: the source is writable. */
    VETO("veto"),
    /** It goes on, and the failure is shown. */
    WARN("warn");

    private final String word;

    HookFailure(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
