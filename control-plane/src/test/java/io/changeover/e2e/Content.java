package io.changeover.e2e;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a database holds, found in the most naive way, which shares nothing with the product's comparison. */
public final class Content {

    private static final String TABLES = """
            select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')""";

    private static final String OBJECTS = """
            select 'class', n.nspname, relname, relkind::text from pg_class c join pg_namespace n on n.oid = relnamespace
            where n.nspname !~ '^pg_toast' union all
            select 'schema', nspname, '', '' from pg_namespace where nspname !~ '^pg_(toast_)?temp' union all
            select 'trigger', tgrelid::regclass::text, tgname, tgenabled::text from pg_trigger union all
            select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint union all
            select 'publication', pubname, '', '' from pg_publication union all
            select 'slot', slot_name, '', '' from pg_replication_slots where database = current_database() union all
            select 'setting', setrole::text, setconfig::text, '' from pg_db_role_setting
            where setdatabase = (select oid from pg_database where datname = current_database())
            order by 1, 2, 3, 4""";

    private Content() {}

    /** Table → number of rows and digest of their text. */
    public static Map<String, String> rows(ServerSettings server) throws SQLException {
        Map<String, String> digests = new TreeMap<>();
        for (String line :
                Databases.ask(server, TABLES.replace("n.nspname, c.relname", "n.nspname || '|' || c.relname"))) {
            String table =
                    Identifier.quote(line.substring(0, line.indexOf('|')), line.substring(line.indexOf('|') + 1));
            String digest =
                    "select count(*), md5(string_agg(r0w::text, E'\\n' order by r0w::text collate \"C\")) from only "
                            + table + " r0w";
            digests.put(table, Databases.ask(server, digest).get(0));
        }
        return digests;
    }

    /** Everything that a migration could leave behind. */
    public static List<String> objects(ServerSettings server) throws SQLException {
        return Databases.ask(server, OBJECTS);
    }
}
