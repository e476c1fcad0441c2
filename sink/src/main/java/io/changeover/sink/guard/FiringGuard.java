package io.changeover.sink.guard;

import io.changeover.ledger.Ledger;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Triggers and rules that fire even in the replica role (ENABLE ALWAYS, ENABLE REPLICA) would change rows that are
 * right already. They are disabled with a record in the ledger, in one transaction, and enabled again from the record.
 */
public final class FiringGuard {

    /** Something that fires: how it is called in SQL, and the word that enables it as it was. */
    private record Firing(TableName table, String kind, String name, String state) {

        String disable() {
            return "alter table " + table.quoted() + " disable " + kind + " " + Identifier.quote(name);
        }

        String enable() {
            String how = state.equals("A") ? "always" : "replica";
            return "alter table " + table.quoted() + " enable " + how + " " + kind + " " + Identifier.quote(name);
        }
    }

    private static final String RECORD = """
            create table if not exists changeover.silenced (
                schema_name text not null, table_name text not null, kind text not null, name text not null,
                state text not null, primary key (schema_name, table_name, kind, name))""";

    private static final String FIRING = """
            select n.nspname, c.relname, f.kind, f.name, f.state
            from (select tgrelid as relation, 'trigger' as kind, tgname as name, tgenabled::text as state
                    from pg_trigger where not tgisinternal
                  union all
                  select ev_class, 'rule', rulename, ev_enabled::text from pg_rewrite where rulename <> '_RETURN') f
            join pg_class c on c.oid = f.relation join pg_namespace n on n.oid = c.relnamespace
            where f.state in ('A', 'R') and c.relkind in ('r', 'p') and n.nspname !~ '^pg_'
            and n.nspname <> 'information_schema' order by 1, 2, 3, 4""";

    private FiringGuard() {}

    /**
     * Disables all that would fire. Safe to call again, and after {@link #restore}.
     *
     * @param target an open connection in auto-commit mode, of a role that owns the tables
     * @return how many were disabled now
     */
    public static int silence(Connection target) throws SQLException {
        Ledger.create(target);
        target.setAutoCommit(false);
        try (Statement statement = target.createStatement()) {
            statement.execute(RECORD);
            List<Firing> firing = read(statement, FIRING);
            for (Firing one : firing) {
                statement.execute(one.disable());
            }
            record(target, firing);
            target.commit();
            return firing.size();
        } finally {
            target.rollback();
            target.setAutoCommit(true);
        }
    }

    private static void record(Connection target, List<Firing> firing) throws SQLException {
        String sql = "insert into changeover.silenced values (?, ?, ?, ?, ?) on conflict do nothing";
        try (var insert = target.prepareStatement(sql)) {
            for (Firing one : firing) {
                insert.setString(1, one.table().schema());
                insert.setString(2, one.table().name());
                insert.setString(3, one.kind());
                insert.setString(4, one.name());
                insert.setString(5, one.state());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * Enables all that was disabled, as it was. The caller's transaction decides whether it lasts.
     *
     * @param target a connection with a transaction open
     * @return how many were enabled
     */
    public static int restore(Connection target) throws SQLException {
        try (Statement statement = target.createStatement()) {
            statement.execute(RECORD);
            List<Firing> silenced = read(
                    statement,
                    "select schema_name, table_name, kind, name, state from changeover.silenced order by 1, 2");
            for (Firing one : silenced) {
                statement.execute(one.enable());
            }
            statement.execute("delete from changeover.silenced");
            return silenced.size();
        }
    }

    private static List<Firing> read(Statement statement, String sql) throws SQLException {
        List<Firing> firing = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                firing.add(new Firing(
                        new TableName(rows.getString(1), rows.getString(2)),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getString(5)));
            }
        }
        return firing;
    }
}
