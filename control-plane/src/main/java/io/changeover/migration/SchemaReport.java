package io.changeover.migration;

import java.util.List;
import java.util.Optional;

/**
 * What the copy of a database's structure made of roles and rights, and what it left out.
 *
 * @param roles the roles that the database needs on the source; empty if roles are not copied
 * @param grants what was granted; nothing if roles are not copied
 * @param leftOut what the target lacks, or has otherwise than the source
 * @param owners statements that give every object to its owner on the source, in an order in which they can be run
 */
public record SchemaReport(List<Role> roles, Grants grants, List<LeftOut> leftOut, List<String> owners) {

    public SchemaReport {
        roles = List.copyOf(roles);
        leftOut = List.copyOf(leftOut);
        owners = List.copyOf(owners);
    }

    /** What came of a role. */
    public enum Outcome {
        /** Changeover has made it, without a password. */
        CREATED,
        /** It was there, and stays as it is. */
        EXISTED,
        /** It is not made. */
        LEFT_OUT
    }

    /**
     * A role of the source.
     *
     * @param name its name
     * @param outcome what came of it
     * @param why it was left out; empty if it was not
     */
    public record Role(String name, Outcome outcome, Optional<String> why) {}

    /**
     * Rights.
     *
     * @param granted how many the target has as the source has them, by object, role and privilege
     * @param revoked how many of PUBLIC's it does not have, as on the source
     * @param notGranted those that it should have and has not
     */
    public record Grants(int granted, int revoked, List<LeftOut> notGranted) {

        /** Nothing was asked for. */
        public static final Grants NONE = new Grants(0, 0, List.of());

        public Grants {
            notGranted = List.copyOf(notGranted);
        }
    }

    /**
     * Something that is not on the target as it is on the source.
     *
     * @param object type and name
     * @param why the reason
     * @param remedy what to do, as a statement where there is one; never with a secret
     */
    public record LeftOut(String object, String why, String remedy) {}
}
