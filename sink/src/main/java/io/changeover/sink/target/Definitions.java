package io.changeover.sink.target;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps the definitions of tables as they are until the transaction ends, and says by a number whether they are what
 * they were. Nothing else tells: a statement that was prepared before a column got another type would go on, and read
 * its values as the old type.
 */
public final class Definitions {

    /** Constraints that can wait do so until the commit, as on the source. */
    private static final String DEFER = "set constraints all deferred; ";

    private static final String SELECT = Catalog.sql("definitions.sql");

    private static final Set<String> MISSING = Set.of("42P01", "3F000");

    private Definitions() {}

    /**
     * Takes the locks that writing takes anyway, before the definitions are read, and defers constraints: all in one
     * message to the server.
     *
     * @param names at least one
     * @return for each a number that is another one when columns or indexes are
     * @throws MissingTableException if the target does not have one of them; the transaction is rolled back
     */
    public static Map<TableName, Long> hold(Connection target, Collection<TableName> names) throws SQLException {
        try (PreparedStatement statement = Catalog.prepare(target, DEFER + lock(names) + SELECT, names)) {
            statement.execute();
            while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
                ResultSet rows = statement.getResultSet();
                if (rows != null) {
                    return numbers(rows);
                }
            }
            throw new IllegalStateException("No definitions came");
        } catch (SQLException e) {
            if (MISSING.contains(e.getSQLState())) {
                target.rollback();
                MissingTableException.check(names, read(target, names).keySet());
            }
            throw e;
        }
    }

    private static String lock(Collection<TableName> names) {
        return names.stream()
                .map(name -> "only " + name.quoted())
                .collect(Collectors.joining(", ", "lock table ", " in row exclusive mode; "));
    }

    private static Map<TableName, Long> read(Connection target, Collection<TableName> names) throws SQLException {
        try (PreparedStatement select = Catalog.prepare(target, SELECT, names);
                ResultSet rows = select.executeQuery()) {
            return numbers(rows);
        }
    }

    private static Map<TableName, Long> numbers(ResultSet rows) throws SQLException {
        Map<TableName, Long> numbers = new HashMap<>();
        while (rows.next()) {
            numbers.put(Catalog.name(rows), rows.getLong(3));
        }
        return numbers;
    }
}
