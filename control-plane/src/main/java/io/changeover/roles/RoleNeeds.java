package io.changeover.roles;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The roles that a target lacks.
 *
 * @param user the role of the migration on the target
 * @param makes whether it may make roles
 * @param missing those that a copy of the roles would make
 * @param unmakable those that it would not make, and that have rights
 * @param ofPolicies those that policies name
 */
public record RoleNeeds(
        String user, boolean makes, List<String> missing, List<String> unmakable, List<String> ofPolicies) {

    private static final String OF_POLICIES =
            "select distinct r.rolname from pg_policy p" + " join pg_roles r on r.oid = any (p.polroles)";

    public RoleNeeds {
        missing = List.copyOf(missing);
        unmakable = List.copyOf(unmakable);
        ofPolicies = List.copyOf(ofPolicies);
    }

    /** Reads them; changes nothing. */
    public static RoleNeeds read(Connection source, Connection target) throws SQLException {
        NeededRoles needed = NeededRolesReader.read(source);
        TargetRoles there = TargetRoles.read(target);
        Set<String> unmakable = new TreeSet<>(needed.leftOut().keySet());
        unmakable.removeIf(needed::isOurs);
        Set<String> missing = new TreeSet<>();
        needed.roles().forEach(role -> missing.add(role.name()));
        Set<String> ofPolicies = new TreeSet<>();
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(OF_POLICIES)) {
            while (rows.next()) {
                ofPolicies.add(rows.getString(1));
            }
        }
        List.of(unmakable, missing, ofPolicies).forEach(names -> names.removeAll(there.names()));
        return new RoleNeeds(
                there.giver().name(),
                there.giver().createsRoles(),
                List.copyOf(missing),
                List.copyOf(unmakable),
                List.copyOf(ofPolicies));
    }
}
