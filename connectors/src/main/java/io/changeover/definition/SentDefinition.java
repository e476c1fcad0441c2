package io.changeover.definition;

import io.changeover.contract.ColumnDefinition;
import io.changeover.contract.ColumnDefinition.Earlier;
import io.changeover.contract.TableDefinition;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as the stream describes it.
 *
 * @param oid on the source
 * @param columns in the order of the stream
 */
public record SentDefinition(int oid, TableName table, List<Column> columns) {

    public SentDefinition {
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param type oid of its type, without a sign
     * @param modifier of the type, such as its length
     */
    public record Column(String name, boolean key, long type, int modifier) {}

    /**
     * The same with what only the source's catalog knows. That is as it is now, and the stream may be behind it: a
     * column that the catalog does not have like this any more has no number.
     */
    public TableDefinition complete(Connection source) throws SQLException {
        List<ColumnDefinition> complete = new ArrayList<>();
        try (PreparedStatement select = source.prepareStatement(Sql.read("relation.sql", source))) {
            select.setArray(
                    1,
                    source.createArrayOf(
                            "text", columns.stream().map(Column::name).toArray()));
            select.setArray(
                    2,
                    source.createArrayOf(
                            "bigint", columns.stream().map(Column::type).toArray()));
            select.setArray(
                    3,
                    source.createArrayOf(
                            "int4", columns.stream().map(Column::modifier).toArray()));
            select.setLong(4, Integer.toUnsignedLong(oid));
            try (ResultSet rows = select.executeQuery()) {
                for (Column sent : columns) {
                    rows.next();
                    complete.add(new ColumnDefinition(
                            rows.getInt(1),
                            sent.name(),
                            rows.getString(2),
                            sent.key(),
                            Earlier.valueOf(rows.getString(3)),
                            rows.getString(4)));
                }
            }
        }
        return new TableDefinition(
                table, Integer.toUnsignedLong(oid), isInOrder(complete) ? complete : withoutNumbers(complete));
    }

    /** The stream's order is that of the numbers: otherwise names have moved since. */
    private static boolean isInOrder(List<ColumnDefinition> columns) {
        int last = 0;
        for (ColumnDefinition each : columns) {
            if (each.number() != 0 && each.number() <= last) {
                return false;
            }
            last = Math.max(last, each.number());
        }
        return true;
    }

    private static List<ColumnDefinition> withoutNumbers(List<ColumnDefinition> columns) {
        return columns.stream()
                .map(each -> new ColumnDefinition(0, each.name(), each.type(), each.key(), Earlier.UNKNOWN, ""))
                .toList();
    }
}
