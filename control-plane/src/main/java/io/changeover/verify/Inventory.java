package io.changeover.verify;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What holds rows in a database: ordinary tables, partitions, materialized views. Not what belongs to PostgreSQL, to an
 * extension, to Changeover or to one session.
 *
 * @param relations by name
 */
record Inventory(SortedMap<TableName, Relation> relations) {

    /**
     * One of them.
     *
     * @param materializedView or else a table
     * @param unlogged whether the WAL, and so the stream of changes, does not have its rows
     * @param populated false for a materialized view that cannot be read
     * @param bytes on disk, to begin with the largest
     */
    record Relation(boolean materializedView, boolean unlogged, boolean populated, long bytes) {}

    private static final String SQL = """
            select n.nspname, c.relname, c.relkind = 'm', c.relpersistence = 'u', c.relispopulated,
                   coalesce(pg_table_size(c.oid), 0)
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'm') and c.relpersistence <> 't'
               and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')
               and not exists (select from pg_depend d
                                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')""";

    Inventory {
        relations = Collections.unmodifiableSortedMap(new TreeMap<>(relations));
    }

    static Inventory read(Connection connection) throws SQLException {
        SortedMap<TableName, Relation> relations = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SQL)) {
            while (rows.next()) {
                relations.put(
                        new TableName(rows.getString(1), rows.getString(2)),
                        new Relation(rows.getBoolean(3), rows.getBoolean(4), rows.getBoolean(5), rows.getLong(6)));
            }
        }
        return new Inventory(relations);
    }
}
