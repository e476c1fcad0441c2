package io.changeover.roles;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The roles of the target.
 *
 * @param giver who we are
 * @param names of all roles
 * @param memberships group and member
 * @param settings role, parameter: those that are set for this database
 */
record TargetRoles(Giver giver, Set<String> names, Set<List<String>> memberships, Set<List<String>> settings) {

    private static final String GIVER = "select r.* from pg_roles r where r.rolname = current_user";
    private static final String NAMES = "select rolname from pg_roles";
    private static final String MEMBERSHIPS = "select g.rolname, r.rolname from pg_auth_members m"
            + " join pg_roles r on r.oid = m.member join pg_roles g on g.oid = m.roleid";
    private static final String SETTINGS = "select r.rolname, split_part(c.setting, '=', 1) from pg_db_role_setting s"
            + " join pg_roles r on r.oid = s.setrole join pg_database d on d.oid = s.setdatabase"
            + " cross join lateral unnest(s.setconfig) as c(setting) where d.datname = current_database()";

    TargetRoles {
        names = Set.copyOf(names);
        memberships = Set.copyOf(memberships);
        settings = Set.copyOf(settings);
    }

    static TargetRoles read(Connection target) throws SQLException {
        try (Statement statement = target.createStatement()) {
            Set<String> names = new HashSet<>();
            rows(statement, NAMES, 1).forEach(row -> names.add(row.get(0)));
            return new TargetRoles(
                    giver(statement, target.getMetaData().getDatabaseMajorVersion()),
                    names,
                    new HashSet<>(rows(statement, MEMBERSHIPS, 2)),
                    new HashSet<>(rows(statement, SETTINGS, 2)));
        }
    }

    private static Giver giver(Statement statement, int major) throws SQLException {
        try (ResultSet row = statement.executeQuery(GIVER)) {
            row.next();
            return new Giver(
                    row.getString("rolname"), row.getBoolean("rolsuper"), NeededRolesReader.attributes(row), major);
        }
    }

    private static List<List<String>> rows(Statement statement, String sql, int columns) throws SQLException {
        List<List<String>> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(rows.getString(i));
                }
                found.add(List.copyOf(row));
            }
        }
        return found;
    }
}
