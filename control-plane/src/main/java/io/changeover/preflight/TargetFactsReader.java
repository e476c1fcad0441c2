package io.changeover.preflight;

import io.changeover.postgres.TableName;
import io.changeover.preflight.TargetFacts.Extensions;
import io.changeover.preflight.TargetFacts.TargetTable;
import io.changeover.sink.guard.GuardCatalog;
import io.changeover.sink.guard.Guarding;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a target database: PostgreSQL 12 and later. */
final class TargetFactsReader {

    private static final String TABLES = """
            select n.nspname, c.relname,
                   pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                       and pg_catalog.has_table_privilege(c.oid, 'SELECT') as readable,
                   pg_catalog.has_table_privilege(c.oid, 'INSERT')
                       and pg_catalog.has_table_privilege(c.oid, 'UPDATE')
                       and pg_catalog.has_table_privilege(c.oid, 'DELETE')
                       and pg_catalog.has_table_privilege(c.oid, 'TRUNCATE') as writable,
                   pg_catalog.row_security_active(c.oid) as row_security,
                   array(select a.attname::pg_catalog.text from pg_catalog.pg_attribute a
                         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                         order by a.attnum) as columns
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and c.relpersistence <> 't'
              and n.nspname not in ('pg_catalog', 'information_schema', 'changeover') and n.nspname !~ '^pg_toast'
              and not exists (select 1 from pg_catalog.pg_depend d
                              where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                                and d.objid = c.oid and d.deptype = 'e')
            order by n.nspname, c.relname
            """;

    private static final String LEDGER =
            "select exists (select 1 from pg_catalog.pg_namespace where nspname = 'changeover')";

    private static final String LARGE_OBJECTS = "select pg_catalog.count(*) from pg_catalog.pg_largeobject_metadata";

    private static final String AVAILABLE = "select name from pg_catalog.pg_available_extensions";

    private static final String CREATED = "select extname from pg_catalog.pg_extension";

    private static final String ALLOWED = "select coalesce(pg_catalog.current_setting('azure.extensions', true), '')";

    private static final String BYPASSES =
            "select rolsuper or rolbypassrls from pg_catalog.pg_roles where rolname = current_user";

    private TargetFactsReader() {}

    /**
     * Reads the facts. The connection is in a transaction, which is rolled back at the end.
     *
     * @param connection an open connection, not in auto-commit mode
     * @param server what both servers are asked
     * @param probed the tables of which to ask whether they hold a row
     */
    static TargetFacts read(Connection connection, ServerFacts server, Set<TableName> probed) throws SQLException {
        DatabaseFacts database = CommonFactsReader.database(connection, Side.TARGET);
        Map<TableName, TargetTable> tables = tables(connection, probed);
        Extensions extensions = new Extensions(
                Set.copyOf(Query.names(connection, AVAILABLE)),
                Set.copyOf(Query.names(connection, CREATED)),
                allowed(connection, server));
        boolean hasLedger = Query.one(connection, LEDGER, row -> row.getBoolean(1));
        long largeObjects = Query.one(connection, LARGE_OBJECTS, row -> row.getLong(1));
        TargetState state = TargetStateReader.read(connection);
        boolean silencesTriggers = silencesTriggers(connection);
        GuardFacts guard = guard(connection, silencesTriggers ? Guarding.REPLICA : Guarding.DDL);
        return new TargetFacts(
                server, database, tables, extensions, silencesTriggers, hasLedger, largeObjects, state, guard);
    }

    private static GuardFacts guard(Connection connection, Guarding how) throws SQLException {
        return new GuardFacts(
                GuardCatalog.obstacles(connection, how),
                GuardCatalog.eventTriggers(connection),
                Query.one(connection, BYPASSES, row -> row.getBoolean(1)));
    }

    private static Map<TableName, TargetTable> tables(Connection connection, Set<TableName> probed)
            throws SQLException {
        Map<TableName, TargetTable> tables = new HashMap<>();
        Query.list(connection, TABLES, row -> tables.put(name(row), table(row)));
        for (TableName name : probed) {
            TargetTable table = tables.get(name);
            if (table != null && table.writable() && !table.rowSecurity() && holdsRows(connection, name)) {
                tables.put(name, new TargetTable(table.columns(), true, false, true));
            }
        }
        return tables;
    }

    private static TableName name(ResultSet row) throws SQLException {
        return new TableName(row.getString("nspname"), row.getString("relname"));
    }

    private static TargetTable table(ResultSet row) throws SQLException {
        return new TargetTable(
                Set.copyOf(Query.array(row, "columns")),
                row.getBoolean("readable") && row.getBoolean("writable"),
                row.getBoolean("row_security"),
                false);
    }

    private static boolean holdsRows(Connection connection, TableName table) throws SQLException {
        return Query.one(connection, "select exists (select 1 from " + table.quoted() + ")", row -> row.getBoolean(1));
    }

    private static Optional<Set<String>> allowed(Connection connection, ServerFacts server) throws SQLException {
        if (server.provider() != Provider.AZURE) {
            return Optional.empty();
        }
        List<String> lists = Query.names(connection, ALLOWED);
        return Optional.of(lists.stream()
                .flatMap(list -> Stream.of(list.split(",", -1)))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet()));
    }

    /** Tries, in the transaction that is rolled back: what PostgreSQL allows depends on more than can be read. */
    private static boolean silencesTriggers(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local session_replication_role = replica");
            return true;
        } catch (SQLException e) {
            if ("42501".equals(e.getSQLState())) {
                return false;
            }
            throw e;
        } finally {
            connection.rollback();
        }
    }
}
