package io.changeover.preflight;

import java.sql.Connection;
import java.sql.SQLException;

/** Reads what sessions a server lets in, through the connection to one of its databases. */
final class SessionFactsReader {

    /** What a session began with is in reset_val: our own sessions set some of it themselves. */
    private static final String SESSIONS = """
            select pg_catalog.current_setting('max_connections')::pg_catalog.int4 as max_connections,
                   least(
                       pg_catalog.current_setting('max_connections')::pg_catalog.int4
                           - pg_catalog.current_setting('superuser_reserved_connections')::pg_catalog.int4
                           - coalesce(nullif(pg_catalog.current_setting('reserved_connections', true), ''), '0')::pg_catalog.int4
                           - (select pg_catalog.count(*) from pg_catalog.pg_stat_activity a
                              where coalesce(pg_catalog.to_jsonb(a) ->> 'backend_type', 'client backend') = 'client backend'),
                       (select case when d.datconnlimit < 0 then 1000000 else d.datconnlimit -
                                    (select pg_catalog.count(*) from pg_catalog.pg_stat_activity a where a.datid = d.oid)
                               end
                        from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()),
                       (select case when r.rolconnlimit < 0 then 1000000 else r.rolconnlimit -
                                    (select pg_catalog.count(*) from pg_catalog.pg_stat_activity a where a.usesysid = r.oid)
                               end
                        from pg_catalog.pg_roles r where r.rolname = current_user)) as free,
                   pg_catalog.current_setting('max_locks_per_transaction')::pg_catalog.int8
                       * (pg_catalog.current_setting('max_connections')::pg_catalog.int8
                          + pg_catalog.current_setting('max_prepared_transactions')::pg_catalog.int8) as locks,
                   (select s.reset_val = 'on' from pg_catalog.pg_settings s
                    where s.name = 'default_transaction_read_only') as read_only,
                   (select s.reset_val = 'replica' from pg_catalog.pg_settings s
                    where s.name = 'session_replication_role') as replica
            """;

    private SessionFactsReader() {}

    static SessionFacts read(Connection connection) throws SQLException {
        return Query.one(
                connection,
                SESSIONS,
                row -> new SessionFacts(
                        row.getInt("max_connections"),
                        row.getLong("free"),
                        row.getLong("locks"),
                        row.getBoolean("read_only"),
                        row.getBoolean("replica")));
    }
}
