package io.changeover.sink.target;

import io.changeover.postgres.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the target's tables as they are now; many of them in as many statements as one. */
public final class Catalog {

    private static final String COLUMNS = sql("columns.sql");
    private static final String KEYS = sql("keys.sql");
    private static final String REFERENCES = sql("references.sql");

    private Catalog() {}

    /**
     * Reads tables.
     *
     * @throws MissingTableException if the target does not have one of them
     */
    public static Map<TableName, TargetTable> read(Connection target, Collection<TableName> names) throws SQLException {
        Map<TableName, List<UniqueKey>> keys = keys(target, names);
        Map<TableName, TargetTable> tables = new HashMap<>();
        columns(target, names)
                .forEach((name, columns) -> tables.put(
                        name,
                        new TargetTable(
                                name,
                                columns.partitioned(),
                                TargetTable.byName(columns.list()),
                                keys.getOrDefault(name, List.of()))));
        MissingTableException.check(names, tables.keySet());
        return tables;
    }

    /** Tables with a foreign key to one of these, other than to itself. */
    public static Set<TableName> referencing(Connection target, Collection<TableName> names) throws SQLException {
        Set<TableName> references = new HashSet<>();
        try (PreparedStatement select = prepare(target, REFERENCES, names);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                references.add(name(rows));
            }
        }
        return references;
    }

    private record Columns(boolean partitioned, List<TargetColumn> list) {}

    private static Map<TableName, Columns> columns(Connection target, Collection<TableName> names) throws SQLException {
        Map<TableName, Columns> columns = new HashMap<>();
        try (PreparedStatement select = prepare(target, COLUMNS, names);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                boolean partitioned = rows.getBoolean(3);
                Columns of = columns.computeIfAbsent(name(rows), name -> new Columns(partitioned, new ArrayList<>()));
                if (rows.getString(4) != null) {
                    of.list()
                            .add(new TargetColumn(
                                    rows.getString(4),
                                    rows.getString(5),
                                    rows.getString(6),
                                    rows.getBoolean(7),
                                    rows.getBoolean(8),
                                    rows.getBoolean(9)));
                }
            }
        }
        return columns;
    }

    private static Map<TableName, List<UniqueKey>> keys(Connection target, Collection<TableName> names)
            throws SQLException {
        Map<TableName, Map<Long, UniqueKey>> keys = new HashMap<>();
        try (PreparedStatement select = prepare(target, KEYS, names);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                UniqueKey.Part part = new UniqueKey.Part(rows.getString(4), rows.getString(5));
                keys.computeIfAbsent(name(rows), name -> new LinkedHashMap<>())
                        .merge(rows.getLong(3), new UniqueKey(List.of(part), rows.getBoolean(6)), UniqueKey::plus);
            }
        }
        Map<TableName, List<UniqueKey>> lists = new HashMap<>();
        keys.forEach((name, each) -> lists.put(name, List.copyOf(each.values())));
        return lists;
    }

    static TableName name(ResultSet rows) throws SQLException {
        return new TableName(rows.getString(1), rows.getString(2));
    }

    /** Two parameters: schemas and names. */
    static PreparedStatement prepare(Connection target, String sql, Collection<TableName> names) throws SQLException {
        PreparedStatement select = target.prepareStatement(sql);
        String[] schemas = names.stream().map(TableName::schema).toArray(String[]::new);
        String[] tables = names.stream().map(TableName::name).toArray(String[]::new);
        select.setArray(1, target.createArrayOf("text", schemas));
        select.setArray(2, target.createArrayOf("text", tables));
        return select;
    }

    static String sql(String file) {
        try (InputStream in = Catalog.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
