package io.changeover.checker;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** How the objects of a database are defined, one line each, in the server's own words. */
public final class Catalog {

    /** Before 18 there are no constraints of NOT NULL; owners and rights are another matter. */
    private static final String LINES = """
            with ours as (select oid, relnamespace::regnamespace::text || '.' || quote_ident(relname) as name, relkind
              from pg_class where relnamespace::regnamespace::text !~ '^(pg_.*|information_schema|changeover)$')
            select 'column ' || name || '.' || attname || ' ' || format_type(atttypid, atttypmod)
                || case when attnotnull then ' not null' else '' end || coalesce(' = ' || pg_get_expr(adbin, adrelid), '')
                || ' ' || attidentity::text || attgenerated::text
              from ours join pg_attribute a on attrelid = ours.oid left join pg_attrdef d on adrelid = attrelid and adnum = attnum
              where relkind in ('r', 'p', 'v', 'm') and attnum > 0 and not attisdropped
            union all select 'constraint ' || name || ' ' || conname || ' ' || pg_get_constraintdef(c.oid)
                || case when convalidated then '' else ' (not validated)' end
              from ours join pg_constraint c on conrelid = ours.oid where contype <> 'n'
            union all select 'index ' || pg_get_indexdef(indexrelid) || case when indisvalid then '' else ' (invalid)' end
              from ours join pg_index on indrelid = ours.oid where relkind in ('r', 'p', 'm')
            union all select 'trigger ' || pg_get_triggerdef(t.oid) || ' ' || tgenabled::text
              from ours join pg_trigger t on tgrelid = ours.oid where not tgisinternal
            union all select 'rule ' || pg_get_ruledef(r.oid) || ' ' || ev_enabled::text
              from ours join pg_rewrite r on ev_class = ours.oid where rulename <> '_RETURN'
            union all select 'view ' || name || ' ' || relkind::text || regexp_replace(pg_get_viewdef(oid), '\\w+\\.', '', 'g')
              from ours where relkind in ('v', 'm')
            union all select 'sequence ' || name || ' ' || seqtypid::regtype::text || concat_ws(' ', '', seqstart, seqincrement,
                seqmin, seqmax, seqcache, seqcycle)
              from ours join pg_sequence on seqrelid = ours.oid""";

    private Catalog() {}

    /** In order. */
    public static List<String> lines(ServerSettings server) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = Connections.open(server, "checker");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LINES)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        lines.sort(null);
        return lines;
    }
}
