package io.changeover.sink.guard;

import java.util.Locale;

/** How a target is guarded. */
public enum Guarding {
    /** Sessions have the replica role; what fires even there is disabled. */
    REPLICA,
    /** Triggers and rules are disabled and foreign keys dropped, because a session had not the right to the role. */
    DDL;

    /** As in the ledger. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Guarding of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
