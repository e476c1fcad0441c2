package io.changeover.roles;

import io.changeover.postgres.Identifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The statements that give the target's objects the owners that they have on the source, for a person to run after the
 * cutover: until then the role of the migration has to own what it writes to. Schemas and the database come last, or
 * that role could not reach what is in them.
 */
final class OwnerScript {

    /** What ALTER calls the types that {@code pg_identify_object} names. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("table", "table"),
            Map.entry("view", "view"),
            Map.entry("materialized view", "materialized view"),
            Map.entry("foreign table", "foreign table"),
            Map.entry("sequence", "sequence"),
            Map.entry("function", "routine"),
            Map.entry("procedure", "routine"),
            Map.entry("aggregate", "routine"),
            Map.entry("type", "type"),
            Map.entry("domain", "domain"),
            Map.entry("composite type", "type"),
            Map.entry("statistics object", "statistics"),
            Map.entry("collation", "collation"),
            Map.entry("conversion", "conversion"),
            Map.entry("operator", "operator"),
            Map.entry("text search configuration", "text search configuration"),
            Map.entry("text search dictionary", "text search dictionary"),
            Map.entry("server", "server"),
            Map.entry("large object", "large object"),
            Map.entry("schema", "schema"),
            Map.entry("database", "database"));

    /** A sequence that belongs to a column goes with its table. */
    private static final String OWNED = """
            select r.rolname, i.type, i.identity
              from pg_shdepend d join pg_roles r on r.oid = d.refobjid
             cross join lateral pg_identify_object(d.classid, d.objid, d.objsubid) i
             where d.refclassid = 'pg_authid'::regclass and d.deptype = 'o' and r.rolname = any (?)
               and (d.dbid = (select oid from pg_database where datname = current_database())
                    or d.classid = 'pg_database'::regclass
                       and d.objid = (select oid from pg_database where datname = current_database()))
               and not exists (select from pg_depend e where e.classid = d.classid and e.objid = d.objid
                                and (e.deptype = 'e' or e.deptype in ('a', 'i')
                                     and e.refclassid = 'pg_class'::regclass and e.refobjsubid > 0))
               and coalesce(i.schema, '') not in ('changeover', '"changeover"')
               and i.identity not in ('changeover', '"changeover"')
             order by i.type = 'database', i.type = 'schema', i.type::text collate "C", i.identity::text collate "C\"""";

    private OwnerScript() {}

    /**
     * Reads them.
     *
     * @param owners roles that can own something on the target
     * @param database the target's name of the database
     */
    static List<String> read(Connection source, Set<String> owners, String database) throws SQLException {
        List<String> statements = new ArrayList<>();
        try (PreparedStatement select = source.prepareStatement(OWNED)) {
            select.setArray(1, source.createArrayOf("text", owners.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    String type = rows.getString("type");
                    if (WORDS.containsKey(type)) {
                        String identity =
                                type.equals("database") ? Identifier.quote(database) : rows.getString("identity");
                        statements.add("alter " + WORDS.get(type) + " " + identity + " owner to "
                                + Identifier.quote(rows.getString("rolname")) + ";");
                    }
                }
            }
        }
        return statements;
    }
}
