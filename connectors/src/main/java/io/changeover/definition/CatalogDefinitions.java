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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads how tables are defined now, on either side; many of them in one statement. */
public final class CatalogDefinitions {

    private CatalogDefinitions() {}

    /** Those of the source: without generated columns, of which the stream says nothing. Keys are not told. */
    public static Map<TableName, TableDefinition> ofSource(Connection source, Collection<TableName> tables)
            throws SQLException {
        return read(source, tables, false);
    }

    /** Those of the target. Keys are not told. A table that does not exist is not among them. */
    public static Map<TableName, TableDefinition> ofTarget(Connection target, Collection<TableName> tables)
            throws SQLException {
        return read(target, tables, true);
    }

    /** One of the source. */
    public static Optional<TableDefinition> ofSource(Connection source, TableName table) throws SQLException {
        return Optional.ofNullable(ofSource(source, List.of(table)).get(table));
    }

    /** One of the target. */
    public static Optional<TableDefinition> ofTarget(Connection target, TableName table) throws SQLException {
        return Optional.ofNullable(ofTarget(target, List.of(table)).get(table));
    }

    private static Map<TableName, TableDefinition> read(
            Connection connection, Collection<TableName> tables, boolean generated) throws SQLException {
        Map<TableName, List<ColumnDefinition>> columns = new TreeMap<>();
        Map<TableName, Long> oids = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(Sql.read("columns.sql", connection))) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", tables.stream().map(TableName::schema).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "text", tables.stream().map(TableName::name).toArray()));
            select.setBoolean(3, generated);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    TableName table = new TableName(rows.getString(1), rows.getString(2));
                    List<ColumnDefinition> of = columns.computeIfAbsent(table, name -> new ArrayList<>());
                    oids.put(table, rows.getLong(8));
                    if (rows.getInt(3) > 0) {
                        of.add(new ColumnDefinition(
                                rows.getInt(3),
                                rows.getString(4),
                                rows.getString(5),
                                false,
                                Earlier.valueOf(rows.getString(6)),
                                rows.getString(7)));
                    }
                }
            }
        }
        Map<TableName, TableDefinition> definitions = new TreeMap<>();
        columns.forEach((table, list) ->
                definitions.put(table, new TableDefinition(table, oids.getOrDefault(table, 0L), list)));
        return definitions;
    }
}
