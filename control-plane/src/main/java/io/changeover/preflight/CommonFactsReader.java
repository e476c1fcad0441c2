package io.changeover.preflight;

import io.changeover.postgres.ServerSettings;
import io.changeover.preflight.ServerFacts.RoleFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Reads what source and target are asked alike. Works from PostgreSQL 9.6 on, so that "too old" can be said. */
final class CommonFactsReader {

    private static final String SERVER = """
            select pg_catalog.current_setting('server_version_num')::pg_catalog.int4 as version,
                   pg_catalog.pg_is_in_recovery() as standby,
                   pg_catalog.clock_timestamp() as now,
                   exists (select 1 from pg_catalog.pg_roles g where g.rolname = 'rds_superuser') as rds,
                   exists (select 1 from pg_catalog.pg_roles g where g.rolname = 'azure_pg_admin') as azure,
                   r.rolname as role,
                   r.rolsuper or r.rolreplication or exists (
                       select 1 from pg_catalog.pg_roles g
                       where g.rolname in ('rds_replication', 'rds_superuser')
                         and pg_catalog.pg_has_role(g.oid, 'MEMBER')) as replicates,
                   r.rolsuper or exists (
                       select 1 from pg_catalog.pg_roles g
                       where g.rolname in ('pg_signal_backend', 'rds_superuser')
                         and pg_catalog.pg_has_role(g.oid, 'USAGE')) as ends_sessions,
                   r.rolsuper or exists (
                       select 1 from pg_catalog.pg_roles g
                       where g.rolname = 'pg_read_all_stats'
                         and pg_catalog.pg_has_role(g.oid, 'USAGE')) as sees_sessions,
                   r.rolinherit as inherits
            from pg_catalog.pg_roles r
            where r.rolname = current_user
            """;

    private static final String DATABASE = """
            select d.datname,
                   pg_catalog.pg_encoding_to_char(d.encoding) as encoding,
                   pg_catalog.pg_get_userbyid(d.datdba) as owner,
                   pg_catalog.pg_has_role(d.datdba, 'USAGE') as owned,
                   pg_catalog.has_database_privilege(d.oid, 'CREATE') as creates
            from pg_catalog.pg_database d
            where d.datname = pg_catalog.current_database()
            """;

    private CommonFactsReader() {}

    static ServerFacts server(Connection connection, Side side, ServerSettings settings, Clock clock)
            throws SQLException {
        Instant asked = clock.instant();
        return Query.one(
                connection,
                SERVER,
                row -> new ServerFacts(
                        side.server(settings),
                        settings.host(),
                        row.getBoolean("rds")
                                ? Provider.RDS
                                : row.getBoolean("azure") ? Provider.AZURE : Provider.OTHER,
                        row.getInt("version"),
                        row.getBoolean("standby"),
                        ahead(asked, row.getObject("now", OffsetDateTime.class).toInstant(), clock.instant()),
                        new RoleFacts(
                                row.getString("role"),
                                row.getBoolean("replicates"),
                                row.getBoolean("ends_sessions"),
                                row.getBoolean("sees_sessions"),
                                row.getBoolean("inherits"))));
    }

    /** The server answered at some time between the question and now. */
    private static Duration ahead(Instant asked, Instant server, Instant now) {
        if (server.isBefore(asked)) {
            return Duration.between(asked, server);
        }
        return server.isAfter(now) ? Duration.between(now, server) : Duration.ZERO;
    }

    static DatabaseFacts database(Connection connection, Side side) throws SQLException {
        return Query.one(
                connection,
                DATABASE,
                row -> new DatabaseFacts(
                        row.getString("datname"),
                        side.database(row.getString("datname")),
                        row.getString("encoding"),
                        row.getString("owner"),
                        row.getBoolean("owned"),
                        row.getBoolean("creates")));
    }
}
