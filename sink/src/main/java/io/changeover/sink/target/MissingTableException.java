package io.changeover.sink.target;

import io.changeover.postgres.TableName;
import java.util.Collection;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/** The source sends changes of a table that the target does not have, or has no more. */
public final class MissingTableException extends ConnectException {
    private MissingTableException(TableName table) {
        super("CO-2060: The target has no table " + table + ", but the source sends changes of it: create it there,"
                + " or rename it back, and restart the task. Nothing of it was left out");
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
