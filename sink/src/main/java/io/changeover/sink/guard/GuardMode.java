package io.changeover.sink.guard;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a connector's configuration says about foreign keys, triggers and rules ({@code constraint.guard}). */
public enum GuardMode {
    /** The replica role where the server lets the session take it, otherwise as {@link #DDL}. */
    AUTO,
    /** The replica role, or an error that says what to grant. */
    REPLICA,
    /** Triggers and rules disabled, foreign keys dropped, with a record of all. */
    DDL,
    /** Nothing: they act on what is applied. Only for a target on which somebody has made sure that this is right. */
    NONE;

    /** As in the configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words that the configuration may have. */
    public static List<String> words() {
        return Arrays.stream(values()).map(GuardMode::word).toList();
    }

    /**
     * Reads a word of the configuration.
     *
     * @throws IllegalArgumentException for any other
     */
    public static GuardMode of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
