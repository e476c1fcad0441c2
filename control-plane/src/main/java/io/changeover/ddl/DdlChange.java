package io.changeover.ddl;

import io.changeover.postgres.TableName;
import java.util.List;

/**
 * A table that is defined otherwise on one side than on the other.
 *
 * @param table the one that was altered
 * @param onTarget the table of the target that is to be altered: the same, or the one that it is a partition of
 * @param words a sentence or two for the operator
 * @param statements for the target, as far as they are known
 * @param offered whether {@code changeover ddl apply} can do it
 * @param blocks whether a cutover has to wait for it
 */
public record DdlChange(
        Kind kind,
        TableName table,
        TableName onTarget,
        String words,
        List<String> statements,
        boolean offered,
        boolean blocks) {

    /** What happened. */
    public enum Kind {
        /** The source's table was altered. */
        ALTERED,
        /** Columns of the target's table are not the ones that the stream writes to. */
        ALTERED_ON_TARGET,
        /** The source has dropped a column that the target has still. */
        LEFT_OVER,
        /** The source has a table that is not migrated yet. */
        NEW_TABLE,
        /** The same, and it is a partition of one that the target has. */
        NEW_PARTITION,
        /** The target does not have the table any more. */
        GONE_ON_TARGET
    }

    public DdlChange {
        statements = List.copyOf(statements);
    }

    /** As a warning, and as what is in the way of a cutover. */
    public String sentence() {
        return "CO-2063: " + words + (offered ? " (changeover ddl apply does it)" : "");
    }
}
