package io.changeover.preflight;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Runs a statement and maps its rows. */
final class Query {

    private Query() {}

    /** Maps the row that the result stands on. */
    @FunctionalInterface
    interface Mapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Every row. */
    static <T> List<T> list(Connection connection, String sql, Mapper<T> mapper) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(mapper.map(result));
            }
        }
        return rows;
    }

    /** The only row. */
    static <T> T one(Connection connection, String sql, Mapper<T> mapper) throws SQLException {
        List<T> rows = list(connection, sql, mapper);
        if (rows.size() != 1) {
            throw new SQLException("The catalog gave " + rows.size() + " rows instead of one");
        }
        return rows.get(0);
    }

    /** The first column of every row. */
    static List<String> names(Connection connection, String sql) throws SQLException {
        return list(connection, sql, row -> row.getString(1));
    }

    /** A column of type text[]. */
    static List<String> array(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
