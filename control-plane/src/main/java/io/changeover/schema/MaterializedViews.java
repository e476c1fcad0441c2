package io.changeover.schema;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The materialized views of a database, those first that others read. */
public final class MaterializedViews {

    private static final String POPULATED = """
            with recursive reads as (
                select distinct w.ev_class as reader, d.refobjid as read
                  from pg_rewrite w
                  join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                   and d.refclassid = 'pg_class'::regclass and d.refobjid <> w.ev_class
                  join pg_class c on c.oid = d.refobjid and c.relkind in ('v', 'm')
            ), reached as (
                select oid as root, oid as relation, 0 as depth from pg_class where relkind = 'm'
                 union
                select reached.root, reads.read, reached.depth + 1
                  from reached join reads on reads.reader = reached.relation
            )
            select n.nspname, c.relname
              from reached join pg_class c on c.oid = reached.root join pg_namespace n on n.oid = c.relnamespace
             where c.relispopulated
               and not exists (select from pg_depend d
                                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
             group by n.nspname, c.relname order by max(reached.depth), n.nspname, c.relname""";

    private MaterializedViews() {}

    /**
     * Fills the target's materialized views, those that are filled on the source.
     *
     * @param source with nothing but the catalog on its search path
     * @param target in auto-commit mode
     * @param scope what of the source is migrated
     * @return which, in the order in which they were filled
     */
    public static List<TableName> refresh(Connection source, Connection target, Scope scope) throws SQLException {
        List<TableName> views = populated(source).stream()
                .filter(view -> !scope.leavesOut(view))
                .toList();
        try (Statement statement = target.createStatement()) {
            statement.setEscapeProcessing(false);
            for (TableName view : views) {
                statement.execute("refresh materialized view " + view.quoted());
            }
        }
        return views;
    }

    /** Those that hold rows, in an order in which they can be filled. What a function reads is not seen. */
    static List<TableName> populated(Connection connection) throws SQLException {
        return Names.read(connection, POPULATED);
    }
}
