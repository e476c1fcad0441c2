package io.changeover.load;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a table that a COPY carries: all but the generated ones, which the target computes itself.
 *
 * @param names in the source's order
 */
record TableColumns(List<String> names) {

    TableColumns {
        names = List.copyOf(names);
    }

    /** Reads them from the source. */
    static TableColumns of(Connection source, TableName table) throws SQLException {
        String sql = """
                select a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
                join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = ? and c.relname = ? and a.attnum > 0 and not a.attisdropped
                and coalesce(to_jsonb(a) ->> 'attgenerated', '') = '' order by a.attnum""";
        List<String> names = new ArrayList<>();
        try (PreparedStatement select = source.prepareStatement(sql)) {
            select.setString(1, table.schema());
            select.setString(2, table.name());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
        }
        return new TableColumns(names);
    }

    /** {@code copy "s"."t" ("a", "b") to stdout}. */
    String copyOut(TableName table) {
        return "copy " + table.quoted() + list() + " to stdout";
    }

    /** {@code copy (select "a", "b" from only "s"."t" where …) to stdout}. */
    String copyOut(TableName table, String condition) {
        return "copy (select " + Identifier.quoteAll(names) + " from only " + table.quoted() + " where " + condition
                + ") to stdout";
    }

    /** {@code copy "s"."t" ("a", "b") from stdin}. */
    String copyIn(TableName table) {
        return "copy " + table.quoted() + list() + " from stdin";
    }

    private String list() {
        return names.isEmpty() ? "" : " (" + Identifier.quoteAll(names) + ")";
    }
}
