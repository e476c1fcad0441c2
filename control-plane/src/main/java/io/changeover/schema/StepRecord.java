package io.changeover.schema;

import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * Which steps have been done: in the target, in schema {@code changeover}, written by the transaction that does the
 * step. A structure that somebody else has put there has no record; {@link #isFound} sees it.
 */
enum StepRecord {
    /** Everything a table needs to take rows. */
    STRUCTURE("""
            select exists (select from pg_catalog.pg_class r
                             join pg_catalog.pg_namespace n on n.oid = r.relnamespace
                            where %1$s and r.relpersistence <> 't' and not exists (select from member m
                                   where m.classid = 'pg_catalog.pg_class'::regclass and m.objid = r.oid))
                or exists (select from pg_catalog.pg_type t
                             join pg_catalog.pg_namespace n on n.oid = t.typnamespace
                            where %1$s and not exists (select from member m
                                   where m.classid = 'pg_catalog.pg_type'::regclass and m.objid = t.oid)
                              and t.typtype <> 'b' and t.typtype <> 'c')
                or exists (select from pg_catalog.pg_proc p
                             join pg_catalog.pg_namespace n on n.oid = p.pronamespace
                            where %1$s and not exists (select from member m
                                   where m.classid = 'pg_catalog.pg_proc'::regclass and m.objid = p.oid))
                or exists (select from pg_catalog.pg_namespace n
                            where %1$s and n.nspname <> 'public' and not exists (select from member m
                                   where m.classid = 'pg_catalog.pg_namespace'::regclass and m.objid = n.oid))"""),

    /** What is faster to make when the rows are there. */
    KEYS_AND_INDEXES("""
            select exists (select from pg_catalog.pg_class r
                             join pg_catalog.pg_namespace n on n.oid = r.relnamespace
                            where %1$s and r.relkind in ('r', 'p', 'v', 'm', 'f')
                              and not exists (select from member m
                                   where m.classid = 'pg_catalog.pg_class'::regclass and m.objid = r.oid)
                              and (exists (select from pg_catalog.pg_index i where i.indrelid = r.oid)
                                   or exists (select from pg_catalog.pg_trigger g
                                               where g.tgrelid = r.oid and not g.tgisinternal)
                                   or exists (select from pg_catalog.pg_rewrite w
                                               where w.ev_class = r.oid and w.rulename <> '_RETURN')))""");

    private static final String MEMBERS = """
            with member as (select classid, objid from pg_catalog.pg_depend where deptype = 'e')
            """;

    private static final String USERS = "n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')";

    private final String sql;

    StepRecord(String sql) {
        this.sql = MEMBERS + sql.formatted(USERS);
    }

    private static final String TABLE = """
            create schema if not exists changeover;
            create table if not exists changeover.structure (
                step text primary key, done_at timestamptz not null default pg_catalog.clock_timestamp())""";

    /** Whether the record says that this step is done. */
    boolean isDone(Connection target) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute(TABLE);
        }
        try (PreparedStatement select =
                target.prepareStatement("select exists (select from changeover.structure where step = ?)")) {
            select.setString(1, name());
            return booleanOf(select.executeQuery());
        }
    }

    /** Records the step in the current transaction. */
    void write(Connection target) throws SQLException {
        try (PreparedStatement insert = target.prepareStatement("insert into changeover.structure (step) values (?)")) {
            insert.setString(1, name());
            insert.executeUpdate();
        }
    }

    /**
     * Whether the target holds anything that this step would make.
     *
     * @param expected tables that have to be there; then only other tables are looked for
     */
    boolean isFound(Connection target, Set<TableName> expected) throws SQLException {
        if (!expected.isEmpty()) {
            return this == STRUCTURE && !expected.containsAll(UserTables.writable(target));
        }
        try (Statement statement = target.createStatement()) {
            return booleanOf(statement.executeQuery(sql));
        }
    }

    private static boolean booleanOf(ResultSet rows) throws SQLException {
        try (rows) {
            rows.next();
            return rows.getBoolean(1);
        }
    }
}
