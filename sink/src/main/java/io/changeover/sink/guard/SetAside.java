package io.changeover.sink.guard;

import io.changeover.postgres.TableName;
import java.util.Optional;

/**
 * A line of the guard's record: something that is set aside, and how it is put back.
 *
 * @param kind {@code trigger}, {@code rule} or {@code foreign key}
 * @param dropped whether it is gone from the catalog; otherwise it is disabled
 * @param remove the statement that sets it aside; not in the record
 * @param restore the statements that put it back
 * @param validate the statement that proves a foreign key which {@code restore} adds without a look at the rows
 * @param proof the query that counts the rows that violate a foreign key
 * @param definition of a foreign key
 */
record SetAside(
        String kind,
        TableName table,
        String name,
        boolean dropped,
        String remove,
        String restore,
        Optional<String> validate,
        Optional<String> proof,
        Optional<String> definition) {

    /** For people. */
    @Override
    public String toString() {
        return kind + " " + name + " of " + table;
    }
}
