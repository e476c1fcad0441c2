package io.changeover.sink.apply;

import io.changeover.postgres.TableName;
import java.util.List;

/**
 * Changes could not be written as sets of rows. Written one by one in the source's order, they either can be, or the
 * error says which one cannot. The target transaction has failed, or is about to be undone.
 */
final class SetRefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<TableName> tables;

    SetRefusedException(List<TableName> tables, String reason) {
        super(reason);
        this.tables = List.copyOf(tables);
    }

    SetRefusedException(List<TableName> tables, String reason, Throwable cause) {
        super(reason, cause);
        this.tables = List.copyOf(tables);
    }

    /** Whose changes were refused; of several it was one, and nobody knows which. */
    List<TableName> tables() {
        return tables;
    }
}
