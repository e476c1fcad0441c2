package io.changeover.ddl;

import io.changeover.postgres.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table that is defined otherwise on one side than on the other.
 *
 * @param table the one that was altered
 * @param onTarget the table of the target that is to be altered: the same, or the one that it is a partition of
 * @param words a sentence or two for the operator
 * @param statements for the target, as far as they are known
 * @param offered whether {@code changeover ddl apply} can do it
 * @param blocks whether a cutover has to wait for it
 * @param recorded by what the source was altered, in order, where an event trigger has recorded it
 */
public record DdlChange(
        Kind kind,
        TableName table,
        TableName onTarget,
        String words,
        List<String> statements,
        boolean offered,
        boolean blocks,
        List<DdlStatement> recorded) {

    /** So many of the last statements are in a sentence. */
    private static final int SHOWN = 3;

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
        GONE_ON_TARGET,
        /** A table that is published has come by its name while the migration ran, and the target has none of it. */
        RENAMED,
        /** The source does not have the table any more, or not under this name. */
        GONE_ON_SOURCE
    }

    public DdlChange {
        statements = List.copyOf(statements);
        recorded = List.copyOf(recorded);
    }

    /** One of which no statement is recorded. */
    DdlChange(
            Kind kind,
            TableName table,
            TableName onTarget,
            String words,
            List<String> statements,
            boolean offered,
            boolean blocks) {
        this(kind, table, onTarget, words, statements, offered, blocks, List.of());
    }

    /** The same with what was recorded. */
    DdlChange with(List<DdlStatement> found) {
        return new DdlChange(kind, table, onTarget, words, statements, offered, blocks, found);
    }

    /** By what the source was altered; empty if that is not known. */
    public String origin() {
        List<DdlStatement> last = recorded.subList(Math.max(0, recorded.size() - SHOWN), recorded.size());
        return last.isEmpty()
                ? ""
                : " On the source: " + last.stream().map(DdlStatement::words).collect(Collectors.joining("; "));
    }

    /** As a warning, and as what is in the way of a cutover. */
    public String sentence() {
        return "CO-2063: " + words + (offered ? " (changeover ddl apply does it)" : "") + origin();
    }
}
