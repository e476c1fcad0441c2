package io.changeover.sink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Tables with everything that a guard sets aside, and an image of what the catalog says about it. */
final class GuardedTables {

    private static final String IMAGE = """
            select 'trigger', c.oid::regclass::text, t.tgname::text, t.tgenabled::text, t.tgisinternal::text,
                   pg_get_triggerdef(t.oid), obj_description(t.oid, 'pg_trigger')
              from pg_trigger t join pg_class c on c.oid = t.tgrelid
             where not exists (select from pg_constraint k where k.oid = t.tgconstraint and k.contype <> 't')
               and c.relnamespace::regnamespace::text <> 'changeover'
            union all
            select 'rule', r.ev_class::regclass::text, r.rulename::text, r.ev_enabled::text, '',
                   pg_get_ruledef(r.oid), null
              from pg_rewrite r where r.rulename <> '_RETURN' and r.ev_class::regclass::text !~ '^(changeover|pg_|info)'
            union all
            select 'foreign key', k.conrelid::regclass::text, k.conname::text, k.convalidated::text,
                   k.confrelid::regclass::text || ' ' || coalesce((select conrelid::regclass || '.' || conname
                       from pg_constraint where oid = k.conparentid), ''),
                   pg_get_constraintdef(k.oid), obj_description(k.oid, 'pg_constraint')
              from pg_constraint k where k.contype = 'f'
             order by 1, 2, 3, 5""";

    private GuardedTables() {}

    /** Makes them, with what the server's version has. */
    static void create(Connection owner) throws SQLException {
        int major = owner.getMetaData().getDatabaseMajorVersion();
        run(owner, "guarded.sql");
        if (major >= 15) {
            run(owner, "guarded-15.sql");
        }
        if (major >= 18) {
            run(owner, "guarded-18.sql");
        }
    }

    /** Triggers, rules and foreign keys with their states, comments and parents, a line for each. */
    static List<String> image(Connection connection) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(IMAGE)) {
            while (rows.next()) {
                List<String> line = new ArrayList<>();
                for (int i = 1; i <= 7; i++) {
                    line.add(String.valueOf(rows.getString(i)));
                }
                lines.add(String.join(" | ", line));
            }
        }
        return lines;
    }

    private static void run(Connection owner, String file) throws SQLException {
        try (InputStream in = GuardedTables.class.getResourceAsStream(file);
                Statement statement = owner.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
