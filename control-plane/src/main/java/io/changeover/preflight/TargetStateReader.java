package io.changeover.preflight;

import io.changeover.sink.guard.GuardCatalog;
import io.changeover.sink.guard.Guarding;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/** Reads what a target database is like besides its tables. */
final class TargetStateReader {

    private static final String COLLATIONS = """
            select l.collname from pg_catalog.pg_collation l
            join pg_catalog.pg_namespace n on n.oid = l.collnamespace where n.nspname = 'pg_catalog'
              and l.collencoding in (-1, (select encoding from pg_catalog.pg_database
                                          where datname = pg_catalog.current_database()))""";

    /** What tables bring along, and what extensions made, is not counted. */
    private static final String OBJECTS = """
            with mine as (
                select n.oid, n.nspname from pg_catalog.pg_namespace n
                where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')
                  and not exists (select 1 from pg_catalog.pg_depend d
                                  where d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
                                    and d.objid = n.oid and d.deptype = 'e')
            ), found as (
                select 'pg_catalog.pg_namespace'::pg_catalog.regclass as class, n.oid, 'schema ' || n.nspname as name
                from mine n where n.nspname <> 'public'
                union all
                select 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid,
                       case c.relkind when 'S' then 'sequence ' else 'view ' end || n.nspname || '.' || c.relname
                from pg_catalog.pg_class c join mine n on n.oid = c.relnamespace
                where c.relkind in ('S', 'v', 'm') and not exists (
                    select 1 from pg_catalog.pg_depend d
                    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
                      and d.deptype in ('a', 'i'))
                union all
                select 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 'function ' || n.nspname || '.' || p.proname
                from pg_catalog.pg_proc p join mine n on n.oid = p.pronamespace
                union all
                select 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 'type ' || n.nspname || '.' || t.typname
                from pg_catalog.pg_type t join mine n on n.oid = t.typnamespace
                where t.typtype in ('e', 'd', 'r')
                   or t.typtype = 'c' and exists (select 1 from pg_catalog.pg_class c
                                                  where c.oid = t.typrelid and c.relkind = 'c')
            )
            select f.name from found f
            where not exists (select 1 from pg_catalog.pg_depend d
                              where d.classid = f.class and d.objid = f.oid and d.deptype = 'e')
            order by 1""";

    private static final Set<String> NO_MD5 = Set.of("42501", "42883", "XX000", "0A000", "39000", "58000");

    private TargetStateReader() {}

    /** The connection is in a transaction, which is rolled back at the end. */
    static TargetState read(Connection connection) throws SQLException {
        SessionFacts sessions = SessionFactsReader.read(connection);
        String locale = Query.one(connection, ContentFactsReader.LOCALE, row -> row.getString(1));
        Set<String> collations = Set.copyOf(Query.names(connection, COLLATIONS));
        List<String> objects = Query.names(connection, OBJECTS);
        List<String> acting = GuardCatalog.actingNames(connection, Guarding.REPLICA);
        return new TargetState(sessions, locale, md5(connection), collations, objects, acting);
    }

    /** Tries: no catalog tells. */
    private static boolean md5(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_catalog.md5('')");
            return true;
        } catch (SQLException e) {
            if (NO_MD5.contains(String.valueOf(e.getSQLState()))) {
                return false;
            }
            throw e;
        } finally {
            connection.rollback();
        }
    }
}
