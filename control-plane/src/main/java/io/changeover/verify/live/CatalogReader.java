package io.changeover.verify.live;

import io.changeover.postgres.TableName;
import io.changeover.verify.live.TableSide.Column;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what a comparison needs of all tables of a database, in a few round trips. */
final class CatalogReader {

    /** Tables whose changes are in the WAL; what has rows itself, partitions among them. */
    private static final String TABLES = """
            pg_class c join pg_namespace n on n.oid = c.relnamespace and c.relkind = 'r' and c.relpersistence = 'p'
             and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')
             and not exists (select from pg_depend e
                              where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')""";

    private static final String SIZES = """
            select n.nspname, c.relname, greatest(c.reltuples, 0)::bigint, coalesce(pg_table_size(c.oid), 0),
                   current_setting('server_encoding'), coalesce(pg_relation_filenode(c.oid), 0)::bigint
              from\s""" + TABLES;

    private static final String COLUMNS = """
            select n.nspname, c.relname, a.attname, t.typname, tn.nspname = 'pg_catalog', coalesce(s.proname, ''),
                   format_type(a.atttypid, -1), a.atttypmod,
                   coalesce(l.collname in ('C', 'POSIX', 'ucs_basic')
                       or l.collname = 'default' and d.datcollate in ('C', 'POSIX')
                          and coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'c', false)
              from\s""" + TABLES + """

              join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              join pg_type t on t.oid = a.atttypid join pg_namespace tn on tn.oid = t.typnamespace
              join pg_database d on d.datname = current_database()
              left join pg_proc s on s.oid = t.typsend
              left join pg_collation l on l.oid = a.attcollation""";

    private static final String INDEX_COLUMNS = """
            array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality as k(attnum, n)
                    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                   where k.n <= coalesce((to_jsonb(i) ->> 'indnkeyatts')::integer, i.indnatts) order by k.n)""";

    /**
     * What the stream names a row by, if that is a key; with REPLICA IDENTITY FULL, which has the whole row, the
     * primary key or else another one.
     */
    private static final String KEYS = """
            select distinct on (c.oid) n.nspname, c.relname,\s""" + INDEX_COLUMNS + """

              from\s""" + TABLES + """

              join pg_index i on i.indrelid = c.oid and i.indisunique and i.indimmediate and i.indisvalid
               and i.indpred is null and 0 < all (i.indkey::int2[])
               and case c.relreplident when 'i' then i.indisreplident when 'd' then i.indisprimary
                                       when 'f' then true else false end
             where not exists (
                   select from unnest(i.indkey::int2[]) with ordinality as k(attnum, n)
                     join pg_attribute b on b.attrelid = i.indrelid and b.attnum = k.attnum
                    where not b.attnotnull
                      and k.n <= coalesce((to_jsonb(i) ->> 'indnkeyatts')::integer, i.indnatts))
             order by c.oid, i.indisprimary desc, i.indnatts, i.indexrelid""";

    private static final String INDEXES = """
            select n.nspname, c.relname,\s""" + INDEX_COLUMNS + """

              from\s""" + TABLES + """

              join pg_index i on i.indrelid = c.oid and i.indisvalid and i.indpred is null
               and 0 < all (i.indkey::int2[])
              join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam and m.amname = 'btree'""";

    private CatalogReader() {}

    /** Reads the tables that hold rows themselves and whose changes are in the stream. */
    static SortedMap<TableName, TableSide> read(Connection connection) throws SQLException {
        Map<TableName, SortedMap<String, Column>> columns = new TreeMap<>();
        each(
                connection,
                COLUMNS,
                (table, row) -> columns.computeIfAbsent(table, name -> new TreeMap<>())
                        .put(
                                row.getString(3),
                                new Column(
                                        row.getString(4),
                                        row.getBoolean(5),
                                        row.getString(6),
                                        row.getString(7),
                                        row.getInt(8),
                                        row.getBoolean(9))));
        Map<TableName, List<String>> keys = new TreeMap<>();
        each(connection, KEYS, (table, row) -> keys.put(table, names(row)));
        Map<TableName, List<List<String>>> indexes = new TreeMap<>();
        each(
                connection,
                INDEXES,
                (table, row) -> indexes.computeIfAbsent(table, name -> new ArrayList<>())
                        .add(names(row)));
        int major = connection.getMetaData().getDatabaseMajorVersion();
        SortedMap<TableName, TableSide> tables = new TreeMap<>();
        each(
                connection,
                SIZES,
                (table, row) -> tables.put(
                        table,
                        new TableSide(
                                columns.getOrDefault(table, new TreeMap<>()),
                                keys.getOrDefault(table, List.of()),
                                indexes.getOrDefault(table, List.of()),
                                row.getLong(3),
                                row.getLong(4),
                                major,
                                row.getString(5),
                                row.getLong(6))));
        return tables;
    }

    private interface Reading {
        void read(TableName table, ResultSet row) throws SQLException;
    }

    private static void each(Connection connection, String sql, Reading reading) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                reading.read(new TableName(rows.getString(1), rows.getString(2)), rows);
            }
        }
    }

    private static List<String> names(ResultSet row) throws SQLException {
        return List.of((String[]) row.getArray(3).getArray());
    }
}
