package io.changeover.definition;

import io.changeover.contract.TableDefinition;
import io.changeover.definition.Difference.Kind;
import io.changeover.postgres.TableName;
import java.util.Collection;
import java.util.Optional;

/** Tells which table is which by the oids of source and target: names move, as where two tables swap theirs. */
public final class TableIdentity {

    private TableIdentity() {}

    /** What the rows of a table of the source were of, whatever it was called then. */
    public static Optional<AcceptedDefinition> before(Collection<AcceptedDefinition> accepted, TableDefinition source) {
        Optional<AcceptedDefinition> same = accepted.stream()
                .filter(each -> source.oid() != 0 && each.source() == source.oid())
                .findFirst();
        return same.isPresent()
                ? same
                : accepted.stream()
                        .filter(each -> each.table().equals(source.table()))
                        .filter(each -> isSame(each.source(), source.oid()))
                        .findFirst();
    }

    /** Whether they are one table's, as far as that is known. */
    static boolean isSame(long one, long other) {
        return one == 0 || other == 0 || one == other;
    }

    /** Whether the target's table of a name is another one than that of the source. */
    static Optional<Difference> difference(
            Collection<AcceptedDefinition> accepted,
            Optional<AcceptedDefinition> before,
            TableDefinition source,
            TableDefinition target) {
        if (before.isPresent()) {
            return isSame(before.get().target(), target.oid())
                    ? Optional.empty()
                    : Optional.of(moved(before.get(), source.table()));
        }
        return accepted.stream()
                .filter(each -> target.oid() != 0 && each.target() == target.oid())
                .map(each -> other(each.table(), source.table()))
                .findFirst();
    }

    private static Difference moved(AcceptedDefinition before, TableName now) {
        return before.table().equals(now)
                ? replaced(now)
                : new Difference(
                        Kind.OTHER_TABLE,
                        "",
                        "it is the table that was called " + before.table() + "; what the target calls " + now
                                + " is another one. Rename it there as on the source (with others: by way of a third"
                                + " name where one takes another's)",
                        Optional.empty());
    }

    static Difference replaced(TableName table) {
        return new Difference(
                Kind.OTHER_TABLE,
                "",
                "what the target calls " + table + " is not the table that has had its rows so far. Rename that one"
                        + " back; or, if it is gone, load the table again",
                Optional.empty());
    }

    private static Difference other(TableName before, TableName now) {
        return new Difference(
                Kind.OTHER_TABLE,
                "",
                "it is another table than before, and the one that the target calls " + now + " has the rows of what"
                        + " was called " + before + ". Make the target's tables as the source's are, and load " + now
                        + " again",
                Optional.empty());
    }
}
