package io.changeover.schema;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads names of relations. */
final class Names {

    private Names() {}

    /** What a query of one name gives, in its order. */
    static List<String> readFirst(Connection connection, String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return List.copyOf(names);
    }

    /** What a query of schema and name gives, in its order. */
    static List<TableName> read(Connection connection, String sql) throws SQLException {
        List<TableName> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                names.add(new TableName(rows.getString(1), rows.getString(2)));
            }
        }
        return List.copyOf(names);
    }
}
