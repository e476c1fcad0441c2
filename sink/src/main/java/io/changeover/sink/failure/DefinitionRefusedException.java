package io.changeover.sink.failure;

import io.changeover.contract.ColumnDefinition;
import io.changeover.definition.Difference;
import io.changeover.definition.Verdict;
import io.changeover.postgres.TableName;
import java.util.Optional;
import java.util.stream.Collectors;

/** The source's table was altered, and the target's is not like it. Tried again by itself until it is. */
public final class DefinitionRefusedException extends RefusedException {

    private static final long serialVersionUID = 1;

    private static final String INVALID_TABLE_DEFINITION = "42P16";

    private DefinitionRefusedException(String message) {
        super(INVALID_TABLE_DEFINITION, message);
    }

    /** What the target does not have. */
    public static DefinitionRefusedException of(TableName table, Verdict.Unfit unfit) {
        String statements = unfit.differences().stream()
                .map(Difference::statement)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return new DefinitionRefusedException("CO-2062: Table " + table + " was altered on the source, and the target's"
                + " is not like it: " + unfit.words()
                + (statements.isEmpty() ? "" : ". On the target: " + statements)
                + ". Nothing of it was written; the stream goes on by itself when the target fits");
    }

    /** Rows of the target have something else in a new column. */
    public static DefinitionRefusedException earlierRows(TableName table, ColumnDefinition column) {
        return new DefinitionRefusedException("CO-2062: Table " + table + " was altered on the source, and the target's"
                + " is not like it: column \"" + column.name() + "\" is new, and rows of the target have something else"
                + " in it than those of the source had when it was added ("
                + (column.earlier() == ColumnDefinition.Earlier.NULL ? "nothing" : "the default")
                + "). Drop it on the target and add it with the default that the source's statement had, or load the"
                + " table again. Nothing of it was written; the stream goes on by itself when the target fits");
    }
}
