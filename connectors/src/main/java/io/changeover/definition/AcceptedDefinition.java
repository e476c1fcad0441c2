package io.changeover.definition;

import io.changeover.contract.ColumnDefinition;
import io.changeover.contract.TableDefinition;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The definition of a table of the source that its rows on the target are of, and which column of the target has the
 * values of which. The one that the copy of the table was made of, or a later one that the target was found to fit.
 *
 * @param source the oid of the source's table; 0 if that is not known
 * @param target the oid of the target's; 0 if that is not known
 * @param columns in the order of the source's catalog, those that it has dropped last
 */
public record AcceptedDefinition(TableName table, long source, long target, List<Column> columns) {

    public AcceptedDefinition {
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param number in the source's catalog; 0 if that is not known
     * @param target the number of the target's column in its catalog; 0 if it had none
     * @param dropped the source has dropped it, and the target has it still
     */
    public record Column(int number, String name, String type, int target, boolean dropped) {}

    /** The columns of a definition, paired by name with those that the target has. */
    public static AcceptedDefinition of(TableDefinition source, TableDefinition target) {
        List<Column> columns = new ArrayList<>();
        for (ColumnDefinition each : source.columns()) {
            int number =
                    byName(target, each.name()).map(ColumnDefinition::number).orElse(0);
            columns.add(new Column(each.number(), each.name(), each.type(), number, false));
        }
        return new AcceptedDefinition(source.table(), source.oid(), target.oid(), columns);
    }

    /** The same under another name. */
    public AcceptedDefinition called(TableName name) {
        return new AcceptedDefinition(name, source, target, columns);
    }

    /** What of it the source has. */
    public List<Column> present() {
        return columns.stream().filter(column -> !column.dropped()).toList();
    }

    static Optional<ColumnDefinition> byName(TableDefinition definition, String name) {
        return definition.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst();
    }

    static Optional<ColumnDefinition> byNumber(TableDefinition definition, int number) {
        return definition.columns().stream()
                .filter(column -> column.number() == number)
                .findFirst();
    }
}
