package io.changeover.postgres;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.core.Utils;

/** The only way in which a name gets into SQL text. */
public final class Identifier {

    private Identifier() {}

    /**
     * Quotes a name for SQL.
     *
     * @param name any name PostgreSQL can hold
     * @return the name in double quotes, double quotes inside doubled
     * @throws IllegalArgumentException if the name holds a NUL, which no PostgreSQL name can
     */
    public static String quote(String name) {
        try {
            return Utils.escapeIdentifier(new StringBuilder(name.length() + 2), name)
                    .toString();
        } catch (SQLException e) {
            throw new IllegalArgumentException("Not a PostgreSQL name: it contains a zero byte", e);
        }
    }

    /** {@code "schema"."name"}. */
    public static String quote(String schema, String name) {
        return quote(schema) + "." + quote(name);
    }

    /** Names quoted and separated by {@code ", "}. */
    public static String quoteAll(List<String> names) {
        return names.stream().map(Identifier::quote).collect(Collectors.joining(", "));
    }
}
