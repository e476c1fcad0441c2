package io.changeover.load;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Foreign keys and triggers hold on the source already; on the target they would see half of the rows. A session that
 * may not take the replica role loads only a table on which nothing acts.
 */
final class QuietTable {

    private static final String ACTING = """
            select string_agg(what, ', ' order by what) from (
                select 'trigger ' || t.tgname as what from pg_trigger t
                 where t.tgrelid = to_regclass(?) and t.tgenabled in ('O', 'A')
                   and not exists (select from pg_constraint k where k.oid = t.tgconstraint and k.contype <> 't')
                union all
                select 'rule ' || r.rulename from pg_rewrite r
                 where r.ev_class = to_regclass(?) and r.rulename <> '_RETURN' and r.ev_enabled in ('O', 'A')
                union all
                select 'foreign key ' || k.conname from pg_constraint k
                 where k.conrelid = to_regclass(?) and k.contype = 'f') acting""";

    private QuietTable() {}

    /**
     * Checks a table.
     *
     * @throws SQLException names what would act on the rows
     */
    static void require(Connection target, TableName table) throws SQLException {
        try (PreparedStatement select = target.prepareStatement(ACTING)) {
            for (int i = 1; i <= 3; i++) {
                select.setString(i, table.quoted());
            }
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                String acting = rows.getString(1);
                if (acting != null) {
                    throw new SQLException(
                            "CO-2052: the role may not set session_replication_role, and these would act on the rows: "
                                    + acting + ". The control plane sets them aside before a load; without it, start"
                                    + " the sink first, or let the role set session_replication_role",
                            "55000");
                }
            }
        }
    }
}
