package io.changeover.sink.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All rows of all tables of the source, and of a target in the same columns, as text. */
final class Rows {

    private static final String QUERIES = """
            select c.oid::regclass::text, format('select %L || row(%s)::text as line from %s%s order by 1', c.relname || ' ',
                string_agg(quote_ident(a.attname), ', ' order by a.attnum),
                case when exists (select from pg_inherits where inhparent = c.oid) then 'only ' else '' end, c.oid::regclass)
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by c.oid""";

    private final Map<String, String> queries = new TreeMap<>();

    Rows(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(QUERIES)) {
            while (rows.next()) {
                queries.put(rows.getString(1), rows.getString(2));
            }
        }
    }

    /** The rows of every table. */
    Map<String, List<String>> of(Connection database) throws SQLException {
        Map<String, List<String>> all = new TreeMap<>();
        try (Statement statement = database.createStatement()) {
            statement.setEscapeProcessing(false);
            for (Map.Entry<String, String> each : queries.entrySet()) {
                List<String> lines = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery(each.getValue())) {
                    while (rows.next()) {
                        lines.add(rows.getString(1));
                    }
                }
                all.put(each.getKey(), lines);
            }
        }
        return all;
    }
}
