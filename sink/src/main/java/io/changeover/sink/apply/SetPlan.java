package io.changeover.sink.apply;

import io.changeover.sink.apply.SetWriter.EncodedSets;
import java.util.Optional;

/**
 * How changes of a table are to be written.
 *
 * @param basis the table that it was made for; for another one it is worth nothing
 * @param sets empty if the changes have to be written in the source's order
 */
record SetPlan(TableStatements basis, Optional<EncodedSets> sets) {

    /** Whether it can be kept to, if the table is this one now. */
    @SuppressWarnings("ReferenceEquality") // a table that was read again is another one
    boolean isFor(TableStatements now) {
        return basis == now;
    }
}
