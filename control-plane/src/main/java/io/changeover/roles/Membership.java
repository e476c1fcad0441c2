package io.changeover.roles;

import io.changeover.postgres.Identifier;

/**
 * That a role is a member of another. Before PostgreSQL 16 every member may SET ROLE, and inherits if its role says so.
 *
 * @param group the role whose rights the member has
 * @param member who has them
 * @param admin whether the member may make others a member
 * @param inherits whether the member has the rights without SET ROLE
 * @param sets whether the member may SET ROLE
 */
record Membership(String group, String member, boolean admin, boolean inherits, boolean sets) {

    /** What makes it on a server of this version. */
    String grant(int major) {
        String grant = "grant " + Identifier.quote(group) + " to " + Identifier.quote(member);
        if (major < Giver.MODERN) {
            return grant + (admin ? " with admin option" : "");
        }
        return grant + " with admin " + admin + ", inherit " + inherits + ", set " + sets;
    }

    /** Whether such a server could only have it with more rights, or less, than it has. */
    boolean isInexpressible(int major, boolean memberInherits) {
        return major < Giver.MODERN && (!sets || inherits != memberInherits);
    }
}
