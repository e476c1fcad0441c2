package io.changeover.roles;

import io.changeover.roles.SourceRole.Attribute;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the roles that a source database needs, of any version from 9.6 on. */
final class NeededRolesReader {

    /** Of the server, of the clouds that run it, or ours. */
    private static final String EXCLUDED = """
            case when r.rolname = current_user then 'it is the role of the migration'
                 when r.rolsuper then 'it is a superuser'
                 when r.rolname ~ '^pg_' then 'it is PostgreSQL''s own'
                 when r.rolname ~ '^(rds_.*|rdsadmin|rdsrepladmin|rdstopmgr|rdswriteforwarduser)$'
                   or r.rolname ~ '^(azure_.*|azuresu|cloudsql.*|alloydb.*)$' then 'it is the provider''s' end""";

    /** Whoever is excluded is not asked of whom it is a member: a superuser is often a member of everything. */
    private static final String CLOSURE = """
            with recursive here as (
                select oid from pg_database where datname = current_database()
            ), named as (
                select d.refobjid as oid from pg_shdepend d
                 where d.refclassid = 'pg_authid'::regclass and d.classid <> 'pg_user_mapping'::regclass
                   and (d.dbid = (select oid from here)
                        or d.classid = 'pg_database'::regclass and d.objid = (select oid from here))
                union select setrole from pg_db_role_setting where setdatabase = (select oid from here)
            ), candidate as (
                select r.oid, %s as excluded from pg_roles r
            ), needed as (
                select c.oid, c.excluded from candidate c join named on named.oid = c.oid
                union
                select c.oid, c.excluded from needed n
                  join pg_auth_members m on n.oid in (m.roleid, m.member)
                  join candidate c on c.oid in (m.roleid, m.member)
                 where n.excluded is null
            )
            """.formatted(EXCLUDED);

    private static final String ROLES = CLOSURE + """
            select r.*, r.rolvaliduntil::text as until, n.excluded, shobj_description(r.oid, 'pg_authid') as comment
              from needed n join pg_roles r on r.oid = n.oid""";

    private static final String MEMBERSHIPS = CLOSURE + """
            select g.rolname, r.rolname, bool_or(m.admin_option),
                   bool_or(coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit)),
                   bool_or(coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))
              from needed n join pg_auth_members m on m.member = n.oid
              join pg_roles r on r.oid = m.member join pg_roles g on g.oid = m.roleid
             where n.excluded is null
             group by 1, 2 order by g.rolname::text collate "C", r.rolname::text collate "C\"""";

    private static final String SETTINGS = CLOSURE + """
            select r.rolname, s.setdatabase <> 0, split_part(c.setting, '=', 1),
                   substr(c.setting, strpos(c.setting, '=') + 1)
              from needed n join pg_roles r on r.oid = n.oid
              join pg_db_role_setting s on s.setrole = r.oid and s.setdatabase in (0, (select oid from here))
             cross join lateral unnest(s.setconfig) as c(setting)
             where n.excluded is null
             order by r.rolname::text collate "C", 2, 3""";

    private static final Map<String, Attribute> COLUMNS = Map.of(
            "rolinherit", Attribute.INHERIT,
            "rolcanlogin", Attribute.LOGIN,
            "rolcreatedb", Attribute.CREATEDB,
            "rolcreaterole", Attribute.CREATEROLE,
            "rolreplication", Attribute.REPLICATION,
            "rolbypassrls", Attribute.BYPASSRLS);

    private NeededRolesReader() {}

    static NeededRoles read(Connection source) throws SQLException {
        List<SourceRole> roles = new ArrayList<>();
        Map<String, String> leftOut = new HashMap<>();
        try (Statement statement = source.createStatement()) {
            try (ResultSet rows = statement.executeQuery(ROLES)) {
                while (rows.next()) {
                    Optional<String> excluded = Optional.ofNullable(rows.getString("excluded"));
                    if (excluded.isPresent()) {
                        leftOut.put(rows.getString("rolname"), excluded.get());
                    } else {
                        roles.add(role(rows));
                    }
                }
            }
            roles.sort((one, other) -> one.name().compareTo(other.name()));
            return new NeededRoles(roles, leftOut, memberships(statement), settings(statement));
        }
    }

    private static SourceRole role(ResultSet row) throws SQLException {
        return new SourceRole(
                row.getString("rolname"),
                attributes(row),
                row.getInt("rolconnlimit"),
                Optional.ofNullable(row.getString("until")),
                Optional.ofNullable(row.getString("comment")));
    }

    /** Those of a row of pg_roles. */
    static Set<Attribute> attributes(ResultSet row) throws SQLException {
        EnumSet<Attribute> attributes = EnumSet.noneOf(Attribute.class);
        for (Map.Entry<String, Attribute> column : COLUMNS.entrySet()) {
            if (row.getBoolean(column.getKey())) {
                attributes.add(column.getValue());
            }
        }
        return attributes;
    }

    private static List<Membership> memberships(Statement statement) throws SQLException {
        List<Membership> memberships = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(MEMBERSHIPS)) {
            while (rows.next()) {
                memberships.add(new Membership(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getBoolean(3),
                        rows.getBoolean(4),
                        rows.getBoolean(5)));
            }
        }
        return memberships;
    }

    private static List<RoleSetting> settings(Statement statement) throws SQLException {
        List<RoleSetting> settings = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(SETTINGS)) {
            while (rows.next()) {
                settings.add(new RoleSetting(
                        Optional.of(rows.getString(1)), rows.getBoolean(2), rows.getString(3), rows.getString(4)));
            }
        }
        return settings;
    }
}
