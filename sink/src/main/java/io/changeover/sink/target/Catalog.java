package io.changeover.sink.target;

import io.changeover.postgres.TableName;
import io.changeover.sink.failure.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the target's tables as they are now, one at a time. */
public final class Catalog {

    private static final String COLUMNS = sql("columns.sql");
    private static final String KEYS = sql("keys.sql");
    private static final String REFERENCES = sql("references.sql");

    private Catalog() {}

    /**
     * Reads a table.
     *
     * @throws RefusedException if the target has no such table
     */
    public static TargetTable read(Connection target, TableName name) throws SQLException {
        List<TargetColumn> columns = new ArrayList<>();
        boolean exists = false;
        boolean partitioned = false;
        try (PreparedStatement select = prepare(target, COLUMNS, name);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                exists = true;
                partitioned = rows.getBoolean(1);
                if (rows.getString(2) != null) {
                    columns.add(new TargetColumn(
                            rows.getString(2),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getBoolean(5),
                            rows.getBoolean(6),
                            rows.getBoolean(7)));
                }
            }
        }
        if (!exists) {
            throw new RefusedException(
                    "42P01",
                    "The target has no table " + name
                            + ", but the source sends changes of it: create it there and restart the task");
        }
        return new TargetTable(
                name, partitioned, TargetTable.byName(columns), keys(target, name), references(target, name));
    }

    private static List<UniqueKey> keys(Connection target, TableName name) throws SQLException {
        Map<Long, UniqueKey> keys = new LinkedHashMap<>();
        try (PreparedStatement select = prepare(target, KEYS, name);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                UniqueKey.Part part = new UniqueKey.Part(rows.getString(2), rows.getString(3));
                keys.merge(rows.getLong(1), new UniqueKey(List.of(part), rows.getBoolean(4)), UniqueKey::plus);
            }
        }
        return List.copyOf(keys.values());
    }

    private static Set<TableName> references(Connection target, TableName name) throws SQLException {
        Set<TableName> references = new HashSet<>();
        try (PreparedStatement select = prepare(target, REFERENCES, name);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                references.add(new TableName(rows.getString(1), rows.getString(2)));
            }
        }
        return references;
    }

    private static PreparedStatement prepare(Connection target, String sql, TableName name) throws SQLException {
        PreparedStatement select = target.prepareStatement(sql);
        select.setString(1, name.schema());
        select.setString(2, name.name());
        return select;
    }

    private static String sql(String file) {
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
