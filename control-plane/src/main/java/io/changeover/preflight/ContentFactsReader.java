package io.changeover.preflight;

import io.changeover.postgres.TableName;
import io.changeover.sink.guard.GuardCatalog;
import io.changeover.sink.guard.Guarding;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Reads what a source database holds besides tables as such: PostgreSQL 9.6 and later. */
final class ContentFactsReader {

    /** In the database's default there is more than one provider from 15 on. */
    static final String LOCALE = """
            select pg_catalog.concat_ws(' ', coalesce(pg_catalog.to_jsonb(d) ->> 'datlocprovider', 'c'),
                       d.datcollate, d.datctype,
                       coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale'))
            from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()""";

    private static final String BYTES = """
            select coalesce(pg_catalog.sum(pg_catalog.pg_total_relation_size(c.oid)), 0)
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'm') and c.relpersistence <> 't'
              and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')""";

    /** Those that somebody made himself are made on the target, too. */
    private static final String COLLATIONS = """
            select distinct l.collname from (
                select a.attcollation as oid, a.attrelid as relation from pg_catalog.pg_attribute a
                where a.attnum > 0 and not a.attisdropped
                union all
                select o.oid, i.indrelid from pg_catalog.pg_index i, pg_catalog.unnest(i.indcollation) as o(oid)
            ) used
            join pg_catalog.pg_collation l on l.oid = used.oid
            join pg_catalog.pg_namespace m on m.oid = l.collnamespace and m.nspname = 'pg_catalog'
            join pg_catalog.pg_class c on c.oid = used.relation
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where l.collname not in ('default', 'C', 'POSIX') and c.relkind in ('r', 'p', 'm')
              and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')
            order by 1""";

    private static final String CALLS_MD5 = "~* '\\mmd5\\s*\\('";

    private static final String MD5_INDEXES = """
            select 'index ' || i.indexrelid::pg_catalog.regclass as name from pg_catalog.pg_index i
            join pg_catalog.pg_class c on c.oid = i.indrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where pg_catalog.pg_get_indexdef(i.indexrelid) %1$s and n.nspname !~ '^pg_'
            union all
            select 'constraint ' || k.conname || ' of ' || k.conrelid::pg_catalog.regclass
            from pg_catalog.pg_constraint k where k.contype = 'c' and k.conrelid <> 0
              and pg_catalog.pg_get_constraintdef(k.oid) %1$s
            union all
            select 'generated column ' || a.attname || ' of ' || a.attrelid::pg_catalog.regclass
            from pg_catalog.pg_attribute a join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') <> ''
              and pg_catalog.pg_get_expr(d.adbin, d.adrelid) %1$s
            order by 1""".formatted(CALLS_MD5);

    private static final String MD5_FUNCTIONS = """
            select 'function ' || p.oid::pg_catalog.regprocedure as name from pg_catalog.pg_proc p
            join pg_catalog.pg_namespace n on n.oid = p.pronamespace join pg_catalog.pg_language l on l.oid = p.prolang
            where l.lanname not in ('internal', 'c') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
              and coalesce(pg_catalog.to_jsonb(p) ->> 'prokind', 'f') <> 'a'
              and case when coalesce(pg_catalog.to_jsonb(p) ->> 'prosqlbody', '') = '' then p.prosrc
                       else pg_catalog.pg_get_functiondef(p.oid) end %1$s
              and not exists (select 1 from pg_catalog.pg_depend d
                              where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
                                and d.objid = p.oid and d.deptype = 'e')
            union all
            select 'view ' || c.oid::pg_catalog.regclass from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
              and pg_catalog.pg_get_viewdef(c.oid) %1$s
            union all
            select 'default of ' || a.attname || ' of ' || a.attrelid::pg_catalog.regclass
            from pg_catalog.pg_attribute a join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') = ''
              and pg_catalog.pg_get_expr(d.adbin, d.adrelid) %1$s
            order by 1""".formatted(CALLS_MD5);

    private static final String PARTITIONED = """
            select n.nspname, c.relname from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'p' and coalesce(pg_catalog.to_jsonb(c) ->> 'relispartition', 'false') = 'false'
              and n.nspname !~ '^pg_' order by 1, 2""";

    private static final String INHERITED = """
            select distinct n.nspname, c.relname from pg_catalog.pg_inherits i
            join pg_catalog.pg_class c on c.oid = i.inhparent
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname !~ '^pg_' order by 1, 2""";

    private static final String OTHER_SLOTS = """
            select slot_name from pg_catalog.pg_replication_slots
            where slot_name ~ '^changeover_' and database = pg_catalog.current_database() order by 1""";

    private ContentFactsReader() {}

    static ContentFacts read(Connection connection) throws SQLException {
        return new ContentFacts(
                Query.one(connection, BYTES, row -> row.getLong(1)),
                Query.one(connection, LOCALE, row -> row.getString(1)),
                SessionFactsReader.read(connection).readOnly(),
                Set.copyOf(Query.names(connection, COLLATIONS)),
                Query.names(connection, MD5_INDEXES),
                Query.names(connection, MD5_FUNCTIONS),
                tables(connection, PARTITIONED),
                tables(connection, INHERITED),
                GuardCatalog.actingNames(connection, Guarding.REPLICA),
                Query.names(connection, OTHER_SLOTS));
    }

    private static List<TableName> tables(Connection connection, String sql) throws SQLException {
        return Query.list(connection, sql, row -> new TableName(row.getString(1), row.getString(2)));
    }
}
