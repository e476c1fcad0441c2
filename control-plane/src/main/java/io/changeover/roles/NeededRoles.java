package io.changeover.roles;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The roles that a source database needs: owners, those that have rights, those that policies and settings name, and
 * all that these are members of or that are members of these.
 *
 * @param roles those that can be made, in order of name: concurrent copies must not wait for each other in a circle
 * @param leftOut the others, each with the reason
 * @param memberships of the roles that can be made, in any role
 * @param settings of the roles that can be made, for all databases and for this one
 */
record NeededRoles(
        List<SourceRole> roles, Map<String, String> leftOut, List<Membership> memberships, List<RoleSetting> settings) {

    static final String OURS = "it is the role of the migration";

    NeededRoles {
        roles = List.copyOf(roles);
        leftOut = new TreeMap<>(leftOut);
        memberships = List.copyOf(memberships);
        settings = List.copyOf(settings);
    }

    /** Whether it is the migration's own on the source. */
    boolean isOurs(String name) {
        return OURS.equals(leftOut.get(name));
    }

    Optional<SourceRole> role(String name) {
        return roles.stream().filter(role -> role.name().equals(name)).findFirst();
    }
}
