package io.changeover.preflight;

import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.ReplicaIdentity;
import io.changeover.postgres.TableName;
import io.changeover.preflight.SourceFacts.Kind;
import io.changeover.preflight.SourceFacts.LargeObjectFacts;
import io.changeover.preflight.SourceFacts.Portion;
import io.changeover.preflight.SourceFacts.SelectionFacts;
import io.changeover.preflight.SourceFacts.SourceTable;
import io.changeover.preflight.SourceServerFacts.OpenTransaction;
import io.changeover.preflight.SourceServerFacts.PreparedTransaction;
import io.changeover.schema.Scope;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the source: PostgreSQL 9.6 and later. Columns that not every version has are read through json. */
final class SourceFactsReader {

    private static final String SERVER = """
            select pg_catalog.current_setting('wal_level') as wal_level,
                   pg_catalog.current_setting('max_replication_slots')::pg_catalog.int4 as max_slots,
                   pg_catalog.current_setting('max_wal_senders')::pg_catalog.int4 as max_senders,
                   (select pg_catalog.count(*) from pg_catalog.pg_stat_replication) as senders,
                   (select s.setting::pg_catalog.int8 << 20 from pg_catalog.pg_settings s
                    where s.name = 'max_slot_wal_keep_size') as kept
            """;

    private static final String SLOTS = "select slot_name from pg_catalog.pg_replication_slots order by 1";

    private static final String PREPARED =
            "select gid, database, owner from pg_catalog.pg_prepared_xacts order by prepared";

    private static final String OPEN = """
            select pid, coalesce(usename, '?') as usename, coalesce(datname, '?') as datname,
                   extract(epoch from pg_catalog.clock_timestamp() - xact_start)::pg_catalog.int8 as seconds
            from pg_catalog.pg_stat_activity a
            where xact_start is not null and pid <> pg_catalog.pg_backend_pid()
              and coalesce(pg_catalog.to_jsonb(a) ->> 'backend_type', 'client backend') = 'client backend'
            order by xact_start
            """;

    /** What an extension made is the extension's to make again on the target. */
    private static final String TABLES = """
            select n.nspname, c.relname, c.relkind, c.relpersistence = 'u' as unlogged,
                   pg_catalog.pg_get_userbyid(c.relowner) as owner,
                   pg_catalog.pg_has_role(c.relowner, 'USAGE') as owned,
                   pg_catalog.has_table_privilege(c.oid, 'SELECT')
                       and pg_catalog.has_schema_privilege(n.oid, 'USAGE') as readable,
                   pg_catalog.row_security_active(c.oid) as row_security,
                   coalesce(pg_catalog.to_jsonb(c) ->> 'relhasoids', 'false')::pg_catalog.bool as oids,
                   array(select a.attname::pg_catalog.text from pg_catalog.pg_attribute a
                         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                         order by a.attnum) as columns
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'f') and c.relpersistence <> 't'
              and n.nspname not in ('pg_catalog', 'information_schema', 'changeover') and n.nspname !~ '^pg_toast'
              and not exists (select 1 from pg_catalog.pg_depend d
                              where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                                and d.objid = c.oid and d.deptype = 'e')
            order by n.nspname, c.relname
            """;

    private static final String SHADOWED = """
            select c.relname from pg_catalog.pg_class c
            where c.relnamespace = pg_catalog.to_regnamespace('changeover') and c.relkind in ('r', 'p', 'f')
              -- those are ours
              and c.relname not in ('ddl', 'ddl_listener')
              and (pg_catalog.current_setting('server_version_num')::int >= 140000
                   or c.relname not in ('marker', 'filenode', 'published'))
            order by 1""";

    private static final String PUBLICATIONS = "select pubname from pg_catalog.pg_publication order by 1";

    private static final String LISTS =
            "select distinct publication from " + PublishedTables.LIST.quoted() + " order by 1";

    private static final String EXTENSIONS =
            "select extname from pg_catalog.pg_extension where extname <> 'plpgsql' order by 1";

    private static final String LARGE_OBJECTS = """
            select pg_catalog.count(*), pg_catalog.count(*) filter (where not (
                       pg_catalog.pg_has_role(m.lomowner, 'USAGE')
                       or exists (select 1 from pg_catalog.aclexplode(m.lomacl) a
                                  where a.privilege_type = 'SELECT'
                                    and (a.grantee = 0 or pg_catalog.pg_has_role(a.grantee, 'USAGE'))))),
                   pg_catalog.pg_table_size('pg_catalog.pg_largeobject')
            from pg_catalog.pg_largeobject_metadata m
            """;

    private static final String FORCED = """
            select n.nspname, c.relname from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relrowsecurity and c.relforcerowsecurity and n.nspname !~ '^pg_'
              and n.nspname not in ('information_schema', 'changeover')
              and not exists (select 1 from pg_catalog.pg_depend d
                              where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                                and d.objid = c.oid and d.deptype = 'e')
            order by 1, 2
            """;

    private static final String MARKS = """
            select not exists (
                select 1 from pg_catalog.pg_namespace n
                left join pg_catalog.pg_class c
                    on c.relnamespace = n.oid and c.relkind = 'r' and c.relname in ('marker', 'filenode', 'published', 'ddl', 'ddl_listener')
                where n.nspname = 'changeover'
                  and not (pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                           and pg_catalog.has_schema_privilege(n.oid, 'CREATE')
                           and (c.oid is null or pg_catalog.pg_has_role(c.relowner, 'USAGE'))))
            """;

    /** On RDS the main user may, too. */
    private static final String EVENT_TRIGGERS = """
            select r.rolsuper or exists (
                select 1 from pg_catalog.pg_roles g
                where g.rolname = 'rds_superuser' and pg_catalog.pg_has_role(g.oid, 'USAGE'))
            from pg_catalog.pg_roles r where r.rolname = current_user
            """;

    private SourceFactsReader() {}

    static SourceServerFacts server(Connection connection, ServerFacts server) throws SQLException {
        var slots = Query.names(connection, SLOTS);
        var prepared = Query.list(
                connection,
                PREPARED,
                row -> new PreparedTransaction(row.getString(1), row.getString(2), row.getString(3)));
        var open = Query.list(
                connection,
                OPEN,
                row -> new OpenTransaction(
                        row.getInt(1), row.getString(2), row.getString(3), Duration.ofSeconds(row.getLong(4))));
        var sessions = SessionFactsReader.read(connection);
        return Query.one(
                connection,
                SERVER,
                row -> new SourceServerFacts(
                        server,
                        row.getString("wal_level"),
                        row.getInt("max_slots"),
                        slots,
                        row.getInt("max_senders"),
                        row.getInt("senders"),
                        Optional.ofNullable(row.getObject("kept", Long.class)),
                        sessions,
                        prepared,
                        open));
    }

    static SourceFacts database(Connection connection, ServerFacts server, TableSelection selection)
            throws SQLException {
        Scope scope = Scope.read(connection, selection);
        Map<TableName, ReplicaIdentity> identities = ReplicaIdentity.read(connection);
        return new SourceFacts(
                server,
                CommonFactsReader.database(connection, Side.SOURCE),
                Query.list(connection, TABLES, row -> table(row, identities, scope)).stream()
                        .filter(table -> scope.isThere(table.name()))
                        .toList(),
                Query.names(connection, SHADOWED),
                publications(connection, server),
                Query.names(connection, EXTENSIONS),
                Query.one(
                        connection,
                        LARGE_OBJECTS,
                        row -> new LargeObjectFacts(row.getLong(1), row.getLong(2), row.getLong(3))),
                Query.list(
                        connection, FORCED, row -> new TableName(row.getString("nspname"), row.getString("relname"))),
                new SelectionFacts(
                        scope.unmatched(selection), scope.foreignKeysLeftOut(), scope.viewsLeftOut(), scope.torn()),
                ContentFactsReader.read(connection),
                SessionFactsReader.read(connection).locks(),
                Query.one(connection, MARKS, row -> row.getBoolean(1)),
                Query.one(connection, EVENT_TRIGGERS, row -> row.getBoolean(1)));
    }

    private static List<String> publications(Connection connection, ServerFacts server) throws SQLException {
        if (!PublishedTables.areListed(server.major())) {
            return Query.names(connection, PUBLICATIONS);
        }
        return PublishedTables.listExists(connection) ? Query.names(connection, LISTS) : List.of();
    }

    private static SourceTable table(ResultSet row, Map<TableName, ReplicaIdentity> identities, Scope scope)
            throws SQLException {
        TableName name = new TableName(row.getString("nspname"), row.getString("relname"));
        return new SourceTable(
                name,
                kind(row.getString("relkind")),
                row.getBoolean("unlogged"),
                row.getString("owner"),
                row.getBoolean("owned"),
                row.getBoolean("readable"),
                row.getBoolean("row_security"),
                row.getBoolean("oids"),
                Optional.ofNullable(identities.get(name))
                        .filter(identity -> !identity.usable())
                        .map(ReplicaIdentity::reason),
                portion(name, scope),
                Query.array(row, "columns"));
    }

    private static Portion portion(TableName table, Scope scope) {
        if (!scope.hasRows(table)) {
            return Portion.STRUCTURE;
        }
        return scope.hasStructure(table) ? Portion.WHOLE : Portion.ROWS;
    }

    private static Kind kind(String relkind) {
        return switch (relkind) {
            case "p" -> Kind.PARTITIONED;
            case "f" -> Kind.FOREIGN;
            default -> Kind.PLAIN;
        };
    }
}
