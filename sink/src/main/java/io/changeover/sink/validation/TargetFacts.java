package io.changeover.sink.validation;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What decides whether the sink could work on a target.
 *
 * @param version as {@code server_version_num}
 * @param versionText as people write it
 * @param encoding of the database
 * @param isReplica whether the server follows another one and cannot be written
 * @param ledger what the role may do with the schema {@code changeover}
 * @param maySilence whether the role may set session_replication_role
 */
record TargetFacts(
        int version, String versionText, String encoding, boolean isReplica, LedgerRight ledger, boolean maySilence) {

    /** What a role may do with the ledger. */
    enum LedgerRight {
        /** It is there, and may be written; or it may be made. */
        ENOUGH,
        /** It is not there and may not be made. */
        NOT_CREATABLE,
        /** It is there and of another role. */
        NOT_WRITABLE
    }

    private static final String FACTS = """
            select current_setting('server_version_num')::int, current_setting('server_version'),
                   pg_encoding_to_char(d.encoding), pg_is_in_recovery(),
                   case when n.oid is null
                        then case when has_database_privilege(d.oid, 'create') then 'ENOUGH' else 'NOT_CREATABLE' end
                        when not has_schema_privilege(n.oid, 'usage') then 'NOT_WRITABLE'
                        when (select coalesce(bool_and(has_table_privilege(c.oid, 'select')
                                                       and has_table_privilege(c.oid, 'insert')
                                                       and has_table_privilege(c.oid, 'update')
                                                       and has_table_privilege(c.oid, 'delete')),
                                              has_schema_privilege(n.oid, 'create'))
                              from pg_class c where c.relnamespace = n.oid and c.relkind = 'r') then 'ENOUGH'
                        else 'NOT_WRITABLE' end
            from pg_database d left join pg_namespace n on n.nspname = 'changeover'
            where d.datname = current_database()""";

    /**
     * Reads them.
     *
     * @param target in a transaction, which afterwards can only be rolled back
     */
    static TargetFacts read(Connection target) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute("set local statement_timeout = '5s'");
            try (ResultSet row = statement.executeQuery(FACTS)) {
                row.next();
                return new TargetFacts(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getBoolean(4),
                        LedgerRight.valueOf(row.getString(5)),
                        SilencingRight.isHeld(target));
            }
        }
    }
}
