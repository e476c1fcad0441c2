package io.changeover.spec;

import java.util.Objects;

/**
 * A database and where it goes.
 *
 * @param source its name on the source server
 * @param target its name on the target server
 * @param tables which of its tables
 */
public record DatabasePair(String source, String target, TableSelection tables) {

    public DatabasePair {
        tables = Objects.requireNonNullElse(tables, TableSelection.ALL); // what was stored before there was a choice
    }

    /** With all its tables. */
    public DatabasePair(String source, String target) {
        this(source, target, TableSelection.ALL);
    }

    /** The same pair the other way. */
    public DatabasePair exchanged() {
        return new DatabasePair(/* source= */ target, /* target= */ source, tables);
    }
}
