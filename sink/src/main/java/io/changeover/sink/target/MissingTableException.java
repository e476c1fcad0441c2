package io.changeover.sink.target;

import io.changeover.postgres.TableName;
import io.changeover.sink.failure.RefusedException;
import java.util.Collection;
import java.util.Set;

/** The source sends changes of a table that the target does not have, or has no more. */
public final class MissingTableException extends RefusedException {
    private static final long serialVersionUID = 1;

    private final transient TableName table;

    private MissingTableException(TableName table) {
        super(
                "42P01",
                "CO-2060: The target has no table " + table + ", but the source sends changes of it: create it there,"
                        + " or rename it back, and restart the task. Nothing of it was left out");
        this.table = table;
    }

    /** Which table it is. */
    public TableName table() {
        return table;
    }

    /**
     * Requires that all are there.
     *
     * @throws MissingTableException if not, for the first one
     */
    static void check(Collection<TableName> wanted, Set<TableName> found) {
        wanted.stream().filter(name -> !found.contains(name)).findFirst().ifPresent(name -> {
            throw new MissingTableException(name);
        });
    }
}
