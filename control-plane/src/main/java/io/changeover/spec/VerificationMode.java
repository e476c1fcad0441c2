package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonValue;

/** What the verification while changes flow means for the cutover. */
public enum VerificationMode implements Worded {
    /** It runs by itself; the cutover begins when every table is verified, and not while rows differ. */
    REQUIRED("required"),
    /** It runs by itself; the cutover does not wait for it, but does not begin while rows are known to differ. */
    OPTIONAL("optional"),
    /** It runs when somebody asks for it; the cutover does not look at it. */
    OFF("off");

    private final String word;

    VerificationMode(String word) {
        this.word = word;
    }

    @Override
    @JsonValue
    public String word() {
        return word;
    }
}
