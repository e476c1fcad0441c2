package io.changeover.roles;

import io.changeover.roles.SourceRole.Attribute;
import java.util.EnumSet;
import java.util.Set;

/**
 * The role that makes others on the target, and what it may give them.
 *
 * @param name who we are there
 * @param superuser whether it may do everything
 * @param attributes what it has itself
 * @param major the target's version
 */
record Giver(String name, boolean superuser, Set<Attribute> attributes, int major) {

    /** From here on nobody gives what he has not, and memberships say whether they inherit. */
    static final int MODERN = 16;

    Giver {
        attributes = Set.copyOf(attributes);
    }

    /** Whether it may make roles at all. */
    boolean createsRoles() {
        return superuser || attributes.contains(Attribute.CREATEROLE);
    }

    /** Those of a role's attributes that it may give. */
    Set<Attribute> givable(SourceRole role) {
        EnumSet<Attribute> given = EnumSet.noneOf(Attribute.class);
        role.attributes().stream().filter(this::gives).forEach(given::add);
        return given;
    }

    private boolean gives(Attribute attribute) {
        return switch (attribute) {
            case INHERIT, LOGIN, CREATEROLE -> true;
            case CREATEDB -> superuser || major < MODERN || attributes.contains(attribute);
            case REPLICATION, BYPASSRLS -> superuser || (major >= MODERN && attributes.contains(attribute));
        };
    }
}
